// Completion of slash commands: a list above the box, chosen with arrows, Tab, Enter or a click. The server knows what may come.
(() => {
  const ic = window.imagechat;
  const { el, say, box } = ic;
  let list = null, found = [], at = -1, token = 0, timer = null;
  let due = false;  // A list for what is written now is on its way.
  let waiting = null;  // a key's answer
  let of = "";  // the text that the list is about

  function close() {
    token++;
    due = false;
    list?.remove();
    list = null;
    found = [];
    box.area()?.removeAttribute("aria-activedescendant");
  }
  /** Positions are counted in characters there, and in UTF-16 units here. */
  const units = (text, characters) => [...text].slice(0, characters).join("").length;

  /** What may come where the caret stands. */
  async function ask(area) {
    const text = area.value, caret = [...text.slice(0, area.selectionStart)].length;
    const conversation = await ic.part("conversation");
    const given = await ic.composer.settings(conversation.settings);
    const got = await conversation.server.fetch_completion(text, caret, given).catch(() => null);
    return got?.suggestions ?? [];
  }
  async function look() {
    const area = box.area(), text = area.value;
    if (!text.startsWith("/") || area.selectionStart !== area.selectionEnd || document.activeElement !== area) return close();
    const mine = ++token, suggestions = await ask(area);
    if (mine !== token || box.text !== text) return undefined;
    of = text;
    due = false;
    return suggestions.length ? show(suggestions) : close();
  }
  function show(suggestions) {
    found = suggestions;
    at = found[0].kind === "command" && naming(box.text) ? 0 : -1;
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
  /** Whether Enter, pressed behind `text`, ends a command's name; behind anything else it sends. */
  const naming = (text) => /^\/\p{L}+$/u.test(text);
  /** Write a suggestion in the place of its characters, up to the caret; `typed` was written on behind them. */
  function put(suggestion, from, typed = "") {
    const had = box.text, before = had.slice(0, units(had, suggestion.begin)) + suggestion.text + typed;
    close();
    box.write(before + had.slice(from));
    box.area().setSelectionRange(before.length, before.length);
    look();
  }
  const accept = (index) => put(found[index], box.area().selectionStart);

  /** What is written is newer than the list: the key is for what stood there, whatever is written on until the answer comes. */
  async function later(event) {
    const area = box.area(), text = area.value, from = area.selectionStart;
    clearTimeout(timer);
    const [first] = await ask(area);
    const now = box.text, tail = text.slice(from), to = now.length - tail.length;
    if (to < from || !now.startsWith(text.slice(0, from)) || !now.endsWith(tail)) return;
    if (first && (event.key === "Tab" || (first.kind === "command" && naming(text)))) put(first, to, now.slice(from, to));
    else if (event.key === "Enter") ic.sending.press();
  }
  function taken(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return true;
  }
  /** Whether a key was for the list. */
  function key(event) {
    const enter = event.key === "Enter" && !event.shiftKey, tab = event.key === "Tab" && !event.shiftKey;
    if (event.isComposing) return false;
    if (waiting && (enter || tab)) {
      if (!event.repeat) waiting.then(() => box.area().dispatchEvent(new KeyboardEvent("keydown", { key: event.key, bubbles: true, cancelable: true })));
      return taken(event);
    }
    if ((tab && due) || (enter && of !== box.text && naming(box.text))) {
      waiting = later(event).finally(() => { waiting = null; });
      return taken(event);
    }
    if (!list) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) at = (at + step + found.length) % found.length;
    else if (tab) accept(Math.max(0, at));
    else if (enter && at >= 0) accept(at);
    else if (event.key === "Escape") close();
    else return false;
    if (step) mark();
    return taken(event);
  }
  ic.completion = {
    close, key,
    /** What is written has changed. */
    changed() {
      clearTimeout(timer);
      if (!box.text.startsWith("/")) return close();
      due = true;
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
