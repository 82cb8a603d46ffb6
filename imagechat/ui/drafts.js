// Drafts: what was typed in each chat and is not yet known to the server, kept in the browser: by each tab for itself, and for a later tab.
// { text, nonce, chat, files, unsent }: a text that was sent keeps the mark of its press, so that the same press again is the same turn;
// `unsent` is one that was refused or lost while the next was being typed.
(() => {
  const ic = window.imagechat;
  const key = (name) => `imagechat.draft.${name}`;

  const drafts = ic.drafts = {
    /** Whether the open chat is one that the server has not heard of. */
    fresh: () => !new URLSearchParams(location.search).get("chat"),
    /** Where a chat's draft lies: all new chats share one place, until the server knows them. */
    place: (chat) => ((chat === ic.chat ? drafts.fresh() : drafts.at("new").chat === chat) ? "new" : chat),
    /** This tab's own draft, else what another left behind. */
    at(name) {
      try { return JSON.parse((sessionStorage.getItem(key(name)) ?? localStorage.getItem(key(name))) || "{}"); } catch { return {}; }
    },
    of: (chat = ic.chat) => drafts.at(drafts.place(chat)),
    save(kept, name = drafts.place(ic.chat)) {
      try {
        const before = sessionStorage.getItem(key(name)), now = kept.text?.trim() || kept.unsent ? JSON.stringify(kept) : "";
        const left = localStorage.getItem(key(name)), ours = !left || left === before;
        sessionStorage.setItem(key(name), now);
        if (now && (ours || !kept.nonce)) localStorage.setItem(key(name), now);
        else if (ours) localStorage.removeItem(key(name));  // What another tab types stays.
      } catch { /* a full store keeps no drafts, and typing goes on */ }
    },
  };
})();
