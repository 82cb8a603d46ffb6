// Drafts: what was typed in each chat and is not yet known to the server, kept in the browser, under its visitor's mark: by each tab for itself,
// and for a later tab.
// { text, files, original, settings, sent, again, chat }: the words and the pictures in the box; marks of what was sent and is not known to have arrived, and of
// what was set aside; the mark of words that were sent before and lie in the box again, so that the same press again is the same turn; the id
// that a new chat has already; `unborn`, while a chat that was left is not known to the server. A mark is { nonce, chat, text, files, original }; files are Gradio's FileData, a made
// picture among them has its id in meta.generation; `original` is what was written before a model worded it;
// `settings` are those of a new chat, as they were when its model was chosen.
(() => {
  const ic = window.imagechat;
  const key = (name) => ic.own(`draft.${name}`);
  const open = new Map();  // by place: what this tab has, whether the browser keeps it or not
  const read = (text) => { try { return JSON.parse(text || "{}"); } catch { return {}; } };
  const alike = (one, other) => (one.text ?? "") === (other.text ?? "") && drafts.ids(one.files).join() === drafts.ids(other.files).join();

  const drafts = ic.drafts = {
    /** Whether the open chat is one that the server has not heard of. */
    fresh: () => !new URLSearchParams(location.search).get("chat"),
    /** What tells added pictures apart: the same file added twice is two, and has one path. */
    ids: (files) => (files ?? []).map((file) => file.meta?.id ?? file.path),
    /** Where a chat's draft lies: all new chats share one place, until the server knows them. */
    place: (chat = ic.chat) => ((chat === ic.chat ? drafts.fresh() : drafts.at("new").chat === chat) ? "new" : chat),
    /** This tab's own draft, else what another left behind. */
    at(name) {
      if (!open.has(name)) open.set(name, read(ic.recall("sessionStorage", key(name)) ?? ic.recall("localStorage", key(name))));
      return open.get(name);
    },
    /** The places of all drafts that the browser keeps. */
    names: () => [...new Set(["sessionStorage", "localStorage"].flatMap(ic.keys))].filter((each) => each.startsWith(key(""))).map((each) => each.slice(key("").length)),
    of: (chat = ic.chat) => drafts.at(drafts.place(chat)),
    change(changes, name = drafts.place()) { drafts.save({ ...drafts.at(name), ...changes }, name); },
    save(kept, name) {
      open.set(name, kept);
      if (ic.private.has(name)) return;  // Nothing of it lies in the browser.
      const something = kept.text?.trim() || kept.files?.length || kept.sent?.length, now = something ? JSON.stringify(kept) : "";
      const before = ic.recall("sessionStorage", key(name)), left = ic.recall("localStorage", key(name));
      const ours = !left || left === before, typed = kept.text?.trim() && !kept.again;
      ic.remember("sessionStorage", key(name), now);
      if (now && (ours || typed)) ic.remember("localStorage", key(name), now);
      else if (ours) ic.remember("localStorage", key(name), null);  // What another tab types stays.
    },
    /** The new chat is one that the server knows, or is about to: its draft moves along, and the place is free for the next. */
    settle(chat) {
      const had = drafts.at("new");
      if (had.chat !== chat && !(chat === ic.chat && drafts.fresh())) return;
      drafts.save(had, chat);
      drafts.save({}, "new");
      ic.calls.settle(chat);
    },
  };
  // A draft that this tab has from another is sent there: it is gone here too, unless it was changed.
  addEventListener("storage", (event) => {
    const name = event.key?.startsWith(key("")) ? event.key.slice(key("").length) : null, had = name && drafts.at(name), now = read(event.newValue);
    if (!had?.text?.trim() || now.text?.trim() || !alike(had, read(event.oldValue))) return;
    open.set(name, {});
    ic.remember("sessionStorage", key(name), "");
    if (name === drafts.place()) ic.composer.recall();
  });
})();
