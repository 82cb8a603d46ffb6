// Drafts: what was typed in each chat and is not yet known to the server, kept in the browser.
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
    at(name) {
      try { return JSON.parse(localStorage.getItem(key(name))) ?? {}; } catch { return {}; }
    },
    of: (chat = ic.chat) => drafts.at(drafts.place(chat)),
    save(kept, name = drafts.place(ic.chat)) {
      try {
        if (kept.text?.trim() || kept.unsent) localStorage.setItem(key(name), JSON.stringify(kept));
        else localStorage.removeItem(key(name));
      } catch { /* a full store keeps no drafts, and typing goes on */ }
    },
  };
})();
