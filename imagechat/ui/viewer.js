// The picture viewer: one dialog with arrows, zoom, the recipe beside it, and everything that can be done with the picture.
(() => {
  const ic = window.imagechat;
  const { el, say, icon } = ic;
  let dialog, picture, side, counter, source = null, place = 0, back = null, shown = null, details = null;
  const offers = new Map();  // How each offer to undo a deletion goes away, by the picture's id.

  const deeds = {
    /** What stands under every picture; `more` deeds have their words in a hint. */
    reroll: async (it, from, nonce) => ic.call((await ic.part("conversation")).server.ask_reroll, it.id, nonce),
    same_seed: async (it, from, nonce) => ic.call((await ic.part("conversation")).server.ask_same_seed, it.id, nonce),
    variations: async (it, from, nonce) => {
      const conversation = await ic.part("conversation"), given = await ic.composer.settings(conversation.settings);
      return ic.call(conversation.server.ask_vary, it.id, nonce, given);
    },
    edit: async (it) => {
      const got = (await ic.part("conversation")).edit(it.id);
      ic.tab(0);
      return got;
    },
    regenerate: async (it) => (await ic.part("conversation")).regenerate(it.id),
    details: async (it, from) => ic.viewer.open(from, { details: true }),
    delete: async (it) => {
      const server = (await ic.part("conversation")).server;
      const got = await ic.call(server.trash_picture, it.id);
      if (got) offers.set(it.id, ic.toast(say("chat.deleted"), { action: say("chat.undo"), act: () => ic.viewer.restore(it.id) }));
      return got;
    },
  };
  const DRAWING = ["reroll", "variations", "edit", "same_seed", "regenerate"];
  const ORDER = [...(ic.given.pictures ? DRAWING : []), "download", "details", "delete"];

  /** The row of buttons for a picture: one tab stop, arrows inside. */
  function toolbar(it, from, without = []) {
    const bar = el("div", { class: "acts", role: "toolbar", "aria-label": say("chat.actions") });
    for (const name of ORDER.filter((each) => !without.includes(each) && (each !== "same_seed" || it.seeded))) {
      const given = { class: `act ${name}`, tabindex: bar.childElementCount ? "-1" : "0", title: say(`chat.${name}_hint`) };
      if (given.title === `chat.${name}_hint`) given.title = say(`chat.${name}`);
      const label = el("span", { class: "label", text: say(`chat.${name}`) });
      bar.append(name === "download"
        ? el("a", { ...given, role: "button", href: `${it.download}?name=${encodeURIComponent([...it.prompt].slice(0, 60).join(""))}`, download: true }, icon(name), label)
        : el("button", { ...given, type: "button", onclick: (event) => act(event.currentTarget, name, it, from) }, icon(name), label));
    }
    bar.addEventListener("keydown", rove);
    return bar;
  }
  async function act(button, name, it, from) {
    const got = await (name === "details" ? deeds.details(it, from) : ic.once(button, (nonce) => deeds[name](it, from, nonce)));
    if (dialog?.open && got && name !== "details") close();
    if (!got?.job) return; // only what begins a job is looked at in its chat
    if (got.thread !== ic.chat) ic.openChat(got.thread);
    ic.tab(0);
    (await ic.part("conversation")).stick();
  }
  function rove(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const buttons = [...event.currentTarget.children], at = buttons.indexOf(document.activeElement);
    if (event.key === " " && document.activeElement.matches("a")) { event.preventDefault(); document.activeElement.click(); }
    if (at < 0 || !(step || event.key === "Home" || event.key === "End")) return;
    event.preventDefault();
    event.stopPropagation();
    const way = getComputedStyle(event.currentTarget).direction === "rtl" ? -1 : 1;
    const next = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 : (at + way * step + buttons.length) % buttons.length;
    buttons[at].tabIndex = -1;
    buttons[next].tabIndex = 0;
    buttons[next].focus();
  }

  function build() {
    const button = (name, key, deed) => el("button", { type: "button", class: `icon ${name}`, "aria-label": say(key), title: say(key), onclick: deed }, icon(name));
    picture = el("img", { class: "whole", alt: "", onclick: () => zoom() });
    side = el("aside", { class: "side" });
    counter = el("span", { class: "counter" });
    const stage = el("div", { class: "stage" }, picture,
      button("previous", "details.previous", () => step(-1)), button("next", "details.next", () => step(1)));
    dialog = el("dialog", { id: "viewer", "aria-label": say("details.viewer") },
      el("div", { class: "top" }, counter, button("zoom", "details.zoom_in", () => zoom()), button("close", "details.close", close)), stage, side,
      el("div", { class: "toasts", role: "region", "aria-live": "polite" }));
    dialog.addEventListener("keydown", (event) => {
      const step_ = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step_) { event.preventDefault(); step(getComputedStyle(dialog).direction === "rtl" ? -step_ : step_); }
      if (["+", "="].includes(event.key)) zoom(true);
      if (event.key === "-" || event.key === "0") zoom(false);
    });
    dialog.addEventListener("click", (event) => event.target === dialog && close());
    dialog.addEventListener("close", () => {
      document.getElementById("toasts").append(...dialog.querySelector(".toasts").children); // an Undo outlives the viewer
      back?.focus?.();
      back = null;
      picture.removeAttribute("src");
    });
    swipe(stage);
    document.body.append(dialog);
  }
  function swipe(stage) {
    let from = null;
    stage.addEventListener("touchstart", (event) => (from = event.touches.length === 1 ? event.touches[0].clientX : null), { passive: true });
    stage.addEventListener("touchend", (event) => {
      const way = from === null ? 0 : event.changedTouches[0].clientX - from;
      if (Math.abs(way) > 60 && !dialog.classList.contains("close-up")) step(way < 0 ? 1 : -1);
    }, { passive: true });
  }
  function zoom(on = !dialog.classList.contains("close-up")) {
    dialog.classList.toggle("close-up", on);
    const button = dialog.querySelector("button.zoom"), key = on ? "details.zoom_out" : "details.zoom_in";
    button.setAttribute("aria-label", say(key));
    button.title = say(key);
  }
  async function step(way) {
    const items = source.items();
    if (place + way >= items.length - 2) source.more?.();
    if (!items[place + way]) return;
    place += way;
    show();
  }
  function show() {
    const items = source.items();
    shown = items[place];
    zoom(false);
    picture.src = shown.url;
    picture.alt = shown.alt;
    picture.width = shown.width;
    picture.height = shown.height;
    counter.textContent = items.length > 1 ? `${ic.number(place + 1)} / ${ic.number(items.length)}` : "";
    dialog.querySelector(".previous").disabled = place === 0;
    dialog.querySelector(".next").disabled = place === items.length - 1;
    // A button that is switched off loses its focus, and with it the dialog its keys.
    if (!dialog.contains(document.activeElement) || document.activeElement.disabled)
      [...dialog.querySelectorAll(".next, .previous, .close")].find((button) => !button.disabled).focus();
    recipe();
  }
  async function recipe() {
    const it = shown;
    const acts = toolbar(it, null, ["details"]);
    const extra = el("div", { class: "extra" },
      el("a", { class: "plain", href: it.url, target: "_blank", rel: "noopener", text: say("details.original") }),
      el("button", { type: "button", class: "plain", text: say("details.copy_prompt"), onclick: async () => { await ic.copy(it.prompt); ic.toast(say("chat.copied")); } }),
      el("button", { type: "button", class: "plain", text: say("details.copy_picture"), onclick: () => copyPicture(it) }),
      el("button", { type: "button", class: "plain", text: say("details.chat"), onclick: () => { close(); ic.tab(0); ic.goTo(it.thread, it.message); } }),
      ic.given.alone ? null : el("button", { type: "button", class: "plain report", "aria-expanded": "false", text: say("details.report"), onclick: (event) => complaint(event.currentTarget, it) }));
    side.replaceChildren(el("h2", { text: say("details.title") }), el("p", { class: "prompt", dir: "auto", text: it.prompt }), acts, extra);
    details = await ic.call((await ic.part("conversation")).server.fetch_details, it.id);
    if (!details || shown !== it) return;
    const list = el("dl", {});
    for (const row of details.rows.filter((each) => each.name !== "prompt")) {
      const value = row.name === "created" ? new Intl.DateTimeFormat(ic.given.locale, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(row.value)) : row.value;
      list.append(el("div", {}, el("dt", { text: row.label }), el("dd", { dir: "auto", text: value })));
    }
    side.append(list);
  }
  /** What is wrong with a picture, for whoever runs this: a small form under the button that opens it. */
  function complaint(button, it) {
    const open = side.querySelector("form.report");
    button.setAttribute("aria-expanded", String(!open));
    if (open) return open.remove();
    const words = el("textarea", { id: "report-reason", rows: "3", maxlength: "500", required: true, dir: "auto" });
    const send = el("button", { type: "submit", class: "button", text: say("details.report_send") });
    const form = el("form", { class: "report" }, el("label", { for: "report-reason", text: say("details.report_reason") }), words, send);
    form.addEventListener("keydown", (event) => event.key !== "Escape" && event.stopPropagation()); // The viewer's keys are letters here.
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const got = await ic.once(send, async () => ic.call((await ic.part("conversation")).server.ask_report, it.id, words.value));
      if (!got) return;
      ic.toast(say("details.reported"));
      form.remove();
      button.setAttribute("aria-expanded", "false");
      button.focus();
    });
    button.parentElement.after(form);
    words.focus();
  }
  function close() { dialog.close(); }
  /** Clipboards take PNG only, so any other format is drawn once over. */
  async function copyPicture(it) {
    const canvas = el("canvas", { width: it.width, height: it.height });
    canvas.getContext("2d").drawImage(picture, 0, 0, it.width, it.height);
    try {
      const png = new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("empty"))), "image/png"));
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
      ic.toast(say("chat.copied"));
    } catch (fault) {
      console.warn(fault);
      ic.toast(say("page.problem"), { kind: "problem" });
    }
  }

  ic.copy = async (text) => {
    try { await navigator.clipboard.writeText(text); } catch {
      const area = el("textarea", { class: "unseen" });
      area.value = text;
      (dialog?.open ? dialog : document.body).append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  /** Open a chat at one of its turns. */
  ic.goTo = async (thread, message) => {
    if (thread !== ic.chat) await ic.openChat(thread);
    (await ic.part("conversation")).reveal(message);
  };
  ic.viewer = {
    toolbar,
    /** Take a picture back out of the trash: what offered that until now has no more to offer. */
    async restore(id) {
      const got = await ic.call((await ic.part("conversation")).server.restore_picture, id);
      if (!got) return null;
      offers.get(id)?.();
      offers.delete(id);
      return got;
    },
    /** `from`: { items() → pictures, at: index, more?() } */
    open(from, { details: wanted = false } = {}) {
      if (!dialog) build();
      back ??= document.activeElement;
      source = from;
      place = from.at;
      if (!dialog.open) dialog.showModal();
      show();
      if (wanted) side.querySelector(".act")?.focus({ preventScroll: false });
    },
  };
})();
