// What all parts of the page share: words, small DOM tools, toasts, the theme, which chat is open.
(() => {
  const ic = window.imagechat;
  const { words, locale, direction } = ic.given;

  /** A fact in a sentence, by the rule of `Locale.told` in i18n.py: numbers with the language's digits, text as it is, with a direction of its own. */
  const told = (fact) => (typeof fact === "number" ? new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 3 }).format(fact) : apart(fact));
  const apart = (fact) => (direction === "rtl" && /[0-9A-Za-z]/.test(fact) && typeof fact === "string" ? `\u2068${fact}\u2069` : fact);

  /** The words for a key, with {facts} filled in; a count of 1 takes the key's ".one" form where there is one. */
  ic.say = (key, facts = {}) => {
    const text = (facts.count === 1 && words[`${key}.one`]) || words[key] || key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => told(facts[name]) ?? whole);
  };
  ic.when = (text) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
  ic.number = (value, digits = 0) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

  /** An element with attributes, listeners (on…) and children; text is set as text, never as HTML. */
  ic.el = (tag, given = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name === "text") node.textContent = value;
      else if (name === "html") node.innerHTML = value;
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };
  ic.icon = (name) => ic.el("span", { class: `glyph ${name}`, "aria-hidden": "true" });

  /** An id of our own for a new chat: 48 bits of milliseconds and 80 random bits in Crockford's base 32. */
  ic.newId = () => {
    const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    let time = Date.now(), id = "";
    for (let i = 0; i < 10; i++) [id, time] = [alphabet[time % 32] + id, Math.floor(time / 32)];
    for (const byte of crypto.getRandomValues(new Uint8Array(16))) id += alphabet[byte % 32];
    return id;
  };

  /** What the browser keeps for this tab ("sessionStorage") or for all ("localStorage"); null where it keeps nothing. */
  ic.recall = (store, name) => { try { return window[store].getItem(name); } catch { return null; } };
  ic.keys = (store) => { try { return Object.keys(window[store]); } catch { return []; } };
  /** Keep a text, or forget it (null). A browser that is full or keeps nothing for this page forgets, and everything goes on. */
  ic.remember = (store, name, text) => {
    try {
      if (text === null) window[store].removeItem(name); else window[store].setItem(name, text);
    } catch { /* see above */ }
  };

  // What somebody leaves in this browser stands under a mark that the page has for them: the instance's sign, then theirs. The next
  // one's page drops it, but for what they left as the guest whom they were here before.
  const STORES = ["sessionStorage", "localStorage"], OWN = "imagechat.of.";
  const [mark = "", was = ""] = (document.querySelector('meta[name="imagechat"]')?.content ?? "").split(" ");
  /** How something of this visitor's is called in the browser. */
  ic.own = (name) => `${OWN}${mark}.${name}`;
  /** Nothing of anybody's is left in this browser: whoever comes next is somebody else. */
  ic.forget = () => {
    for (const store of STORES) for (const name of ic.keys(store)) if (name.startsWith(OWN)) ic.remember(store, name, null);
  };
  for (const store of mark ? STORES : []) for (const name of ic.keys(store)) {
    const [whole, whose, rest] = /^imagechat\.of\.([^.]+)\.(.+)$/.exec(name) ?? [];
    if (!whole || whose === mark || whose.split("-")[0] !== mark.split("-")[0]) continue;
    if (whose === was && ic.recall(store, ic.own(rest)) === null) ic.remember(store, ic.own(rest), ic.recall(store, name));
    ic.remember(store, name, null);
  }
  // Of the tabs of one browser all act as who came in last, whomever they show: the others say so. Back shows a page of before, too.
  const here = `imagechat.here.${mark.split("-")[0]}`;
  let other = null;
  const come = (who) => {
    other?.();
    other = who && who !== mark
      ? ic.toast(ic.say("page.someone_else"), { kind: "problem", stay: true, action: ic.say("page.reload"), act: () => location.reload() }) : null;
  };
  if (mark) {
    ic.remember("localStorage", here, mark);
    addEventListener("storage", (event) => event.key === here && come(event.newValue));
    addEventListener("pageshow", (event) => event.persisted && come(ic.recall("localStorage", here)));
  }
  // Drafts of 0.1.0, which knew the owner alone.
  for (const store of mark ? STORES : []) for (const name of ic.keys(store).filter((each) => each.startsWith("imagechat.draft."))) {
    if (ic.given.alone) ic.remember(store, ic.own(name.slice("imagechat.".length)), ic.recall(store, name));
    ic.remember(store, name, null);
  }

  // Components join under a name as they load; whoever needs one waits for it.
  const joined = {}, awaited = {};
  ic.part = (name) => (joined[name] ??= new Promise((resolve) => (awaited[name] = resolve)));
  ic.join = (name, part) => { ic.part(name); awaited[name](part); ic[name] = part; };

  /** Call a server function; a refusal is shown in words and gives null. */
  ic.call = async (verb, ...given) => {
    try {
      const got = await verb(...given);
      if (!got?.error) return got;
      ic.toast(got.error.text, { kind: "problem" });
    } catch (fault) {
      console.warn(fault);
      if (await ic.live?.out()) return null;
      ic.toast(ic.say(navigator.onLine === false || ic.live?.lost ? "page.offline" : "page.problem"), { kind: "problem" });
    }
    return null;
  };

  /** Do a button's deed once for one press, double clicks and lost answers included: `deed` gets the press's mark. */
  ic.once = async (button, deed) => {
    if (button.ariaDisabled) return null;
    button.ariaDisabled = "true";  // Not `disabled`: a button that is worked with keys keeps its focus.
    button.press ??= ic.newId();
    const pressed = Date.now();
    try {
      const got = await deed(button.press);
      if (got) delete button.press;
      return got;
    } finally { setTimeout(() => (button.ariaDisabled = null), Math.max(0, 600 - (Date.now() - pressed))); }
  };

  /** A reading that is shared by whoever asks while it is under way: an opened tab asks, and so does what is drawn for it at that moment. */
  ic.shared = (reading) => {
    let running = null;
    return () => (running ??= reading().finally(() => { running = null; }));
  };

  /** A button that does its deed once for one press; `kind`: "main" or "grave", as it is to look. */
  ic.button = (words, deed, kind = "") => {
    const node = ic.el("button", { type: "button", class: `deed ${kind}`, text: words, onclick: () => ic.once(node, deed) });
    return node;
  };

  // The second half of a double click means what the first half meant: nothing, where something else lies under the pointer by then.
  let hit = null;
  addEventListener("click", (event) => {
    const target = event.target.closest?.("button, a, [role=option]") ?? null;
    if (event.detail <= 1) hit = target;
    else if (target && target !== hit && !target.matches(".toast .icon")) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  ic.announce = (text) => { const spoken = document.getElementById("spoken"); if (spoken) spoken.textContent = text; };

  /** A short message at the foot of the page, with an action where one makes sense; `dismissed`: somebody closed it. Gives a function that takes it away. */
  ic.toast = (text, { action, act, dismissed, kind = "note", stay } = {}) => {
    // A modal dialog covers everything outside it, so it has a shelf of its own.
    const shelf = document.querySelector("dialog[open] .toasts") ?? document.getElementById("toasts");
    const gone = () => {
      const inside = node.contains(document.activeElement);
      node.remove();
      if (inside && !document.querySelector("dialog[open]")) ic.composer?.focus();
    };
    const node = ic.el("div", { class: `toast ${kind}${stay ? " stay" : ""}` }, ic.el("span", { text, dir: "auto" }));
    if (action) node.append(ic.el("button", { type: "button", text: action, onclick: () => { gone(); act(); } }));
    node.append(ic.el("button", { type: "button", class: "icon", "aria-label": ic.say("page.dismiss"), onclick: () => { gone(); dismissed?.(); } }, ic.icon("close")));
    for (const old of [...shelf.children]) if (!action && old.firstChild.textContent === text) old.remove();
    for (const old of [...shelf.children].filter((each) => !each.matches(".stay")).slice(0, -2)) old.remove();
    shelf.append(node);
    if (stay) return gone;
    // It waits while somebody reads it or is about to press its button.
    let timer = setTimeout(gone, kind === "problem" ? 12000 : 8000);
    for (const begin of ["mouseenter", "focusin"]) node.addEventListener(begin, () => clearTimeout(timer));
    for (const end of ["mouseleave", "focusout"]) node.addEventListener(end, () => { clearTimeout(timer); timer = setTimeout(gone, 4000); });
    return gone;
  };

  // A list of Gradio's opens when its field gets the focus; a field that has it already opens and shuts with a click, too.
  addEventListener("mousedown", (event) => {
    const { target } = event;
    if (!target.matches?.("input[role=combobox]") || target !== document.activeElement) return;
    if (target.getAttribute("aria-expanded") === "true") event.preventDefault();
    target.blur();
  });

  // The theme: the system's until the visitor chooses.
  const shade = {
    get dark() { return document.body.classList.contains("dark"); },
    set(dark) {
      document.body.classList.toggle("dark", dark);
      document.documentElement.style.colorScheme = dark ? "dark" : "light";
      const button = document.getElementById("shade");
      if (button) button.textContent = ic.say(dark ? "page.to_light" : "page.to_dark");
    },
    begin() {
      const kept = ic.recall("localStorage", "imagechat.theme"), system = matchMedia("(prefers-color-scheme: dark)");
      shade.set(kept ? kept === "dark" : system.matches);
      system.addEventListener("change", () => ic.recall("localStorage", "imagechat.theme") || shade.set(system.matches));
      document.getElementById("shade").addEventListener("click", () => {
        shade.set(!shade.dark);
        ic.remember("localStorage", "imagechat.theme", shade.dark ? "dark" : "light");
      });
    },
  };

  // On a phone the list of chats slides in over the page.
  ic.rail = {
    show(open) {
      const inside = document.getElementById("rail")?.contains(document.activeElement) && document.body.classList.contains("rail-open");
      document.body.classList.toggle("rail-open", open);
      document.getElementById("menu")?.setAttribute("aria-expanded", String(open));
      if (open) document.querySelector("#rail button")?.focus({ preventScroll: true });
      else if (inside) document.getElementById("menu")?.focus({ preventScroll: true });
    },
    begin() {
      document.getElementById("menu").addEventListener("click", () => ic.rail.show(!document.body.classList.contains("rail-open")));
      document.addEventListener("keydown", (event) => event.key === "Escape" && ic.rail.show(false));
      document.addEventListener("pointerdown", (event) => {
        if (document.body.classList.contains("rail-open") && !event.target.closest("#rail, #menu, #toasts")) ic.rail.show(false);
      });
    },
  };

  /** Go to a tab by its place: 0 chat, 1 gallery, 2 usage, 3 account. */
  ic.tab = (place) => document.querySelectorAll('#tabs [role="tab"]')[place]?.click();

  // Which chat is open. A new one has its id from the start; the server hears of it with its first turn.
  ic.chat = null;
  ic.openChat = async (asked, { push = true } = {}) => {
    const id = /^[0-9a-hjkmnp-tv-z]{26}$/.test(asked ?? "") ? asked : null;
    const unsettled = id ? null : ic.composer.unsettled();
    ic.chat = id ?? unsettled ?? ic.newId();
    ic.remember("sessionStorage", "imagechat.settled", null);
    if (push) history.pushState({}, "", id ? `?chat=${ic.chat}` : location.pathname);
    else if (asked && !id) history.replaceState({}, "", location.pathname);
    if (asked && !id) ic.toast(ic.say("chat.gone"));
    ic.rail.show(false);
    document.dispatchEvent(new CustomEvent("imagechat:chat"));
    const conversation = await ic.part("conversation");
    await conversation.show(ic.chat, { fresh: !id, doubtful: Boolean(unsettled) });
  };
  /** The open chat has become real: keep its address, so that a reload shows it. */
  ic.settleChat = (id = ic.chat) => {
    ic.drafts.settle(id);
    ic.conversation?.expect(id);
    if (id !== ic.chat || new URLSearchParams(location.search).get("chat") === id) return;
    history.replaceState({}, "", `?chat=${id}`);
    ic.remember("sessionStorage", "imagechat.settled", JSON.stringify([id, Date.now()]));
  };
  /** The chat of the address; of a reload that began just before its chat got an address, that one. */
  const addressed = () => {
    const asked = new URLSearchParams(location.search).get("chat"), [id, time] = JSON.parse(ic.recall("sessionStorage", "imagechat.settled") ?? "[]");
    const again = performance.getEntriesByType("navigation")[0]?.type === "reload" && Date.now() - time < 5000;
    return asked ?? (again ? id : null);
  };
  addEventListener("popstate", () => ic.openChat(new URLSearchParams(location.search).get("chat"), { push: false }));

  /** What is to be said once the page is there anew. */
  const left = ic.recall("sessionStorage", "imagechat.told");
  ic.remember("sessionStorage", "imagechat.told", null);
  if (left) ic.part("page").then(() => ic.toast(left));

  ic.part("conversation").then(() => {
    const first = addressed();
    ic.openChat(first, { push: false });
    if (first) ic.settleChat(first);
  });
  const waiting = new MutationObserver(() => {
    if (!document.getElementById("shade")) return;
    waiting.disconnect();
    document.documentElement.lang = locale;
    document.documentElement.dir = ic.given.direction;
    shade.begin();
    ic.rail.begin();
  });
  waiting.observe(document.documentElement, { childList: true, subtree: true });
})();
