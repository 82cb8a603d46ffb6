// Drafts: what was typed in each chat and is not yet known to the server, kept in the browser: by each tab for itself, and for a later tab.
// { text, files, sent, again, chat }: the words and the pictures in the box; marks of what was sent and is not known to have arrived; the mark
// of words that were sent before and lie in the box again, so that the same press again is the same turn; the id that a new chat has already.
// A mark is { nonce, chat, text, files }, its files by their paths.
(() => {
  const ic = window.imagechat;
  const key = (name) => `imagechat.draft.${name}`;

  const drafts = ic.drafts = {
    /** Whether the open chat is one that the server has not heard of. */
    fresh: () => !new URLSearchParams(location.search).get("chat"),
    /** Where a chat's draft lies: all new chats share one place, until the server knows them. */
    place: (chat = ic.chat) => ((chat === ic.chat ? drafts.fresh() : drafts.at("new").chat === chat) ? "new" : chat),
    /** This tab's own draft, else what another left behind. */
    at(name) {
      try { return JSON.parse((sessionStorage.getItem(key(name)) ?? localStorage.getItem(key(name))) || "{}"); } catch { return {}; }
    },
    of: (chat = ic.chat) => drafts.at(drafts.place(chat)),
    change(changes, name = drafts.place()) { drafts.save({ ...drafts.at(name), ...changes }, name); },
    save(kept, name) {
      try {
        const something = kept.text?.trim() || kept.files?.length || kept.sent?.length;
        const before = sessionStorage.getItem(key(name)), now = something ? JSON.stringify(kept) : "";
        const left = localStorage.getItem(key(name)), ours = !left || left === before, typed = kept.text?.trim() && !kept.again;
        sessionStorage.setItem(key(name), now);
        if (now && (ours || typed)) localStorage.setItem(key(name), now);
        else if (ours) localStorage.removeItem(key(name));  // What another tab types stays.
      } catch { /* a full store keeps no drafts, and typing goes on */ }
    },
    /** The new chat is one that the server knows, or is about to: its draft moves along, and the place is free for the next. */
    settle(chat) {
      const had = drafts.at("new");
      if (had.chat !== chat) return;
      drafts.save(had, chat);
      drafts.save({}, "new");
    },
  };
})();
