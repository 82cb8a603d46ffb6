// Completion of slash commands: a list above the box, chosen with arrows, Tab, Enter or a click. The server knows what may come.
(() => {
  const ic = window.imagechat;
  const { el, say, box } = ic;
  let list = null, found = [], at = -1, token = 0, timer = null;
  let of = "";  // the text that the list is about

  function close() {
    token++;
    list?.remove();
    list = null;
    found = [];
    box.area()?.removeAttribute("aria-activedescendant");
  }
  /** Positions are counted in characters there, and in UTF-16 units here. */
  const units = (text, characters) => [...text].slice(0, characters).join("").length;

  async function look() {
    const area = box.area(), text = area.value;
    if (!text.startsWith("/") || area.selectionStart !== area.selectionEnd || document.activeElement !== area) return close();
    const mine = ++token, caret = [...text.slice(0, area.selectionStart)].length;
    const conversation = await ic.part("conversation");
    const given = await ic.composer.settings(conversation.settings);
    const got = await conversation.server.fetch_completion(text, caret, given).catch(() => null);
    if (mine !== token || box.area().value !== text) return undefined;
    of = text;
    return got?.suggestions?.length ? show(got.suggestions) : close();
  }
  function show(suggestions) {
    found = suggestions;
    at = found[0].kind === "command" && /^\/\S+$/.test(box.text) ? 0 : -1;  // Enter ends a command's name; behind it, it sends.
    list ??= el("ul", { id: "completion", role: "listbox", "aria-label": say("chat.completion") });
    list.replaceChildren(...found.map((each, index) => el("li", { id: `completion-${index}`, role: "option", "aria-selected": String(index === at), onmousedown: (event) => {
      event.preventDefault();
      accept(index);
    } }, el("b", { text: each.label }), el("span", { dir: "auto", text: each.hint }))));
    if (!list.isConnected) box.house().prepend(list);
    box.area().setAttribute("aria-controls", "completion");
    mark();
  }
  function mark() {
    [...list.children].forEach((each, index) => each.setAttribute("aria-selected", String(index === at)));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    if (at < 0) box.area().removeAttribute("aria-activedescendant");
    else box.area().setAttribute("aria-activedescendant", `completion-${at}`);
  }
  function accept(index) {
    const { begin, end, text } = found[index], had = box.text;
    const before = had.slice(0, units(had, begin)) + text;
    close();
    box.write(before + had.slice(units(had, end)));
    box.area().setSelectionRange(before.length, before.length);
    look();
  }
  /** What is written is newer than the list: the key counts when the list has caught up. */
  function later(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(timer);
    look().then(() => {
      if (list && (at >= 0 || event.key === "Tab")) accept(Math.max(0, at));
      else if (event.key === "Enter") ic.sending.press();
    });
    return true;
  }
  /** Whether a key was for the list. */
  function key(event) {
    const bare = event.key === "Enter" && !event.shiftKey && /^\/\p{L}+$/u.test(box.text);
    if (event.isComposing || !(list || bare)) return false;
    if (of !== box.text && (bare || (event.key === "Tab" && !event.shiftKey))) return later(event);
    if (!list) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) at = (at + step + found.length) % found.length;
    else if (event.key === "Tab" && !event.shiftKey) accept(Math.max(0, at));
    else if (event.key === "Enter" && !event.shiftKey && at >= 0) accept(at);
    else if (event.key === "Escape") close();
    else return false;
    if (step) mark();
    event.preventDefault();
    event.stopImmediatePropagation();
    return true;
  }
  ic.completion = {
    close, key,
    /** What is written has changed. */
    changed() {
      clearTimeout(timer);
      if (!box.text.startsWith("/")) return list && close();
      timer = setTimeout(look, 60);
      return undefined;
    },
    /** Select the word that an error points at. */
    point(text, begin, length) {
      const area = box.area();
      if (area.value !== text) return;
      area.focus({ preventScroll: true });
      area.setSelectionRange(units(text, begin), units(text, begin + length));
    },
  };
  document.addEventListener("imagechat:chat", close);
  document.addEventListener("focusout", (event) => { if (event.target === box.area()) setTimeout(() => document.activeElement !== box.area() && close(), 100); });
})();
