// The composer's manners around Gradio's text box: names for screen readers, a draft for each chat, ↑, one press sends once.
(() => {
  const ic = window.imagechat;
  const { el, say, drafts } = ic;
  const pending = new Map();   // what is on its way to the server, by its mark
  const attached = new Map();  // pictures that wait in the composer of a chat that is not open
  const LATE = 1500;           // ms after which something on its way is told of
  let owner = null, filling = null, setAside = null, picture = null, offered = null, warned = null;
  const asking = [];
  let busy = true, pressed = false, last = 0, opened = 0, answering = 0, open = null, broken = false;

  const root = () => document.getElementById("message");
  const area = () => root()?.querySelector("textarea");
  const button = () => root()?.querySelector('[data-testid="submit-button"]');
  const files = () => root()?.querySelectorAll(".thumbnail-item").length ?? 0;
  const paths = (list) => (list ?? []).map((file) => file.path).join();
  const mark = (sent) => ({ text: sent.text, nonce: sent.nonce, chat: sent.chat, files: paths(sent.files) });

  // --- drafts ---
  /** Keeps what is typed; what is on its way stays beside it. */
  function keep() {
    const text = area()?.value ?? "", had = drafts.of();
    if (had.text === text) return;
    const flying = [...pending.values()].find((sent) => sent.chat === ic.chat);
    if (!text.trim() && flying) drafts.save({ ...had, ...mark(flying) });
    else drafts.save({ text, unsent: flying ? mark(flying) : had.unsent });
  }
  function recall() {
    pressed = false;  // What was pressed in another chat stays there as its draft: this chat's is not sent in its place.
    if (!area()) return;  // It will come, and asks then.
    const had = drafts.of(), flying = pending.has(had.nonce);
    offered?.();
    write(flying ? "" : (had.text ?? ""));
    if (owner && (files() || attached.get(ic.chat)?.length)) ic.conversation.boxed();
    else owner = ic.chat;
    if (had.unsent && !pending.has(had.unsent.nonce)) offer(had.unsent, say("composer.unsent"));
  }
  /** The server has what was sent under this mark. */
  function arrived(nonce, chat = ic.chat) {
    const name = drafts.place(chat), had = drafts.at(name), { unsent, ...typed } = had;
    const rest = unsent?.nonce === nonce ? undefined : unsent;
    if (had.nonce === nonce && chat === ic.chat && area()?.value === had.text) write("");
    drafts.save(had.nonce === nonce ? { unsent: rest } : { ...typed, unsent: rest }, name);
  }
  function offer(unsent, words) {
    offered = ic.toast(words, { kind: "problem", stay: true, action: say("composer.put_back"), act: () => {
      const typed = area().value.trim();
      drafts.save({ ...unsent, unsent: typed ? { text: typed } : undefined });
      write(unsent.text);
      if (typed) offer({ text: typed }, say("chat.draft_set_aside"));
    } });
  }

  function write(text) {
    const box = area();
    if (!box || box.value === text) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function name() {
    const box = area(), send = button();
    if (!box || !send) return false;
    box.setAttribute("aria-label", say("composer.message"));
    box.setAttribute("dir", "auto");
    box.setAttribute("enterkeyhint", "send");
    send.setAttribute("aria-label", say("composer.send"));
    root().querySelector("input[type=file]")?.setAttribute("accept", "image/png,image/jpeg,image/webp,image/gif");
    root().querySelector('[data-testid="upload-button"]')?.setAttribute("aria-label", say("composer.add_picture"));
    document.getElementById("options")?.setAttribute("aria-expanded", String(document.getElementById("composer").classList.contains("open")));
    for (const each of ["format", "background"]) document.getElementById(each)?.setAttribute("aria-label", say(`composer.${each}`));
    return true;
  }
  function lastSaid() {
    const bubbles = document.querySelectorAll("#conversation .turn.user .bubble");
    return bubbles[bubbles.length - 1]?.textContent ?? "";
  }

  // --- pressing Send ---
  /** Nothing is sent while a picture is on its way up, and nothing twice or empty; what comes too soon is sent in a moment. */
  function hold(event) {
    const nothing = !area().value.trim() && !files();
    if (ic.live.lost) return stop(event, say("composer.failed"));
    if (ic.calls.uploads().length) return stop(event, say("composer.uploading"));
    if (nothing) return stop(event, Date.now() - last < LATE ? "" : say("composer.empty"));
    const boxed = [...pending.values()].some((sent) => sent.chat === ic.chat && sent.files.length);  // Its pictures are still in the box.
    if (!busy && !boxed) return undefined;
    if (broken) follow();
    pressed = !boxed || Boolean(area().value.trim());
    return stop(event, "");
  }
  function stop(event, words) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (words) warn(words);
  }
  /** Words about what stands in the box: they go when it changes or is sent. */
  function warn(words, kind) {
    warned?.();
    warned = ic.toast(words, { kind });
  }
  function press() {
    // Gradio asks again for what was chosen meanwhile; that comes first.
    setTimeout(() => {
      if (!pressed || busy) return;
      pressed = false;
      button().click();
    }, 30);
  }
  function follow() {
    broken = false;
    waits(true);
    ic.part("page").then(open);
  }
  function waits(on) {
    busy = on;
    document.getElementById("composer")?.setAttribute("aria-busy", String(on));
    if (!on) press();
  }
  function expand(open) {
    document.getElementById("composer").classList.toggle("open", open);
    name();
  }
  function begin() {
    if (!name()) return setTimeout(begin, 50);
    const house = document.getElementById("composer");
    house.addEventListener("keydown", (event) => {
      if (!event.target.matches("#message textarea")) return;
      if (event.key === "Enter" && !event.shiftKey) {
        if (event.isComposing || event.keyCode === 229) return event.stopImmediatePropagation();
        hold(event);
        if (event.defaultPrevented) return;
        // Gradio's own Enter waits for the next frame, its button does not.
        stop(event);
        button().click();
      }
      if (event.key === "ArrowUp" && !event.target.value && lastSaid()) { event.preventDefault(); write(lastSaid()); }
    }, true);
    house.addEventListener("click", (event) => event.target.closest('[data-testid="submit-button"]') && hold(event), true);
    house.addEventListener("input", (event) => {
      if (!event.target.matches("#message textarea")) return;
      warned?.();
      keep();
    });
    new MutationObserver(name).observe(house, { childList: true, subtree: true });
    if (ic.chat) recall();
    waits(busy);
    new ResizeObserver(() => document.body.style.setProperty("--ic-composer", `${house.offsetHeight}px`)).observe(house);
    return undefined;
  }

  // --- what is on its way ---
  ic.calls.changed = tell;
  ic.calls.lost = (body) => {
    const sent = [...pending.values()].find((each) => body.includes(each.nonce));
    if (sent) giveBack(sent, say("composer.failed"));
    else if (!ic.live.gone) ic.toast(say("page.offline"), { kind: "problem" });
  };
  function tell() {
    const house = document.getElementById("composer");
    house.querySelector(".uploads")?.remove();
    const row = (words, label, act) => el("div", {}, el("span", { dir: "auto", text: words }), el("button", { type: "button", class: "plain", text: label, onclick: act }));
    const rows = ic.calls.uploads().map((each) => row(say("composer.uploading_file", { name: each.names }), say("composer.stop_upload"), each.stop));
    for (const sent of pending.values()) if (Date.now() - sent.time >= LATE)
      rows.push(row(say("composer.sending", { text: [...sent.text].slice(0, 60).join("") }), say("composer.take_back"), () => giveBack(sent, "")));
    if (rows.length) house.prepend(el("div", { class: "uploads", role: "status" }, ...rows));
  }
  /** What was sent has not arrived, or was refused: it goes back to where it was typed, and pushes nothing away that stands there now. */
  function giveBack(sent, words, { refused = false } = {}) {
    if (!pending.delete(sent.nonce)) return;
    tell();
    if (sent.arrived) return;  // Its turn is on the page: only the answer was lost.
    const back = refused ? { text: sent.text } : mark(sent), home = drafts.place(sent.chat), had = drafts.at(home);
    const here = sent.chat === ic.chat, typed = here ? area().value : had.nonce === sent.nonce ? "" : (had.text ?? "");
    if (typed.trim()) {
      drafts.save({ text: typed, unsent: back }, home);
      if (here) return offer(back, words || say("composer.unsent"));
    } else {
      drafts.save(back, home);
      if (here) { write(sent.text); area().focus(); }
    }
    if (here && words) warn(words, "problem");
    if (!here) ic.toast(words || say("composer.unsent"), { kind: "problem", stay: true, action: say("composer.show"), act: () => ic.openChat(home === "new" ? null : sent.chat) });
    return undefined;
  }

  document.addEventListener("imagechat:chat", recall);

  ic.composer = {
    /** The id that the new chat has already, where its first turn was sent and never answered. */
    unsettled() {
      const had = drafts.at("new");
      if (!pending.has(had.nonce)) return had.chat ?? null;
      drafts.save(had, had.chat);  // It is on its way, and makes room for the next.
      drafts.save({}, "new");
      return null;
    },
    knows: (chat) => Boolean(drafts.at(chat).text),
    /** Fills the outbox as Send is pressed: the chat, and a mark that makes a doubled press one. Empties the box at once. */
    sending(box) {
      const text = box.text ?? "", had = drafts.of(), again = had.nonce && had.text === text && (had.files ?? "") === paths(box.files);
      const sent = { nonce: again ? had.nonce : ic.newId(), chat: ic.chat, text, files: box.files ?? [], time: Date.now() };
      last = sent.time;
      warned?.();
      pending.set(sent.nonce, sent);
      drafts.save({ ...mark(sent), unsent: had.unsent });
      write("");
      setTimeout(tell, LATE);
      setTimeout(() => ic.conversation.stick());
      return JSON.stringify({ thread: sent.chat, nonce: sent.nonce });
    },
    /** The receipt is here: keep the chat's address, or give everything typed back. Gives the box its new value. */
    settled(receipt, box) {
      const sent = pending.get(receipt?.nonce);
      if (receipt?.error && sent) giveBack(sent, receipt.error.text, { refused: true });
      if (!receipt?.nonce || receipt.error) return { text: area().value, files: box.files };
      pending.delete(receipt.nonce);
      tell();
      arrived(receipt.nonce, receipt.thread);
      ic.settleChat(receipt.thread);
      if (!receipt.fresh) ic.conversation.catchUp();
      const rest = (list) => (list ?? []).filter((file) => !sent?.files.some((each) => each.path === file.path));
      if (attached.has(receipt.thread)) attached.set(receipt.thread, rest(attached.get(receipt.thread)));
      press();
      return { text: area().value, files: owner === receipt.thread ? rest(box.files) : box.files };
    },
    /** A turn of this chat is shown. */
    heard(nonce) {
      if (!nonce) return;
      if (pending.has(nonce)) pending.get(nonce).arrived = true;
      arrived(nonce);
    },
    /** The box's new value as another chat is opened, or as pictures are put back: each chat keeps its own. */
    boxed(box) {
      if (owner !== ic.chat) {
        attached.set(owner, box.files ?? []);
        filling ??= attached.get(ic.chat) ?? [];
        attached.delete(ic.chat);
        owner = ic.chat;
      }
      const put = filling ?? box.files;
      filling = null;
      return { text: area().value, files: put };
    },
    /** Model and settings are to follow the opened chat. */
    follow(asking) {
      opened++;
      open = asking;
      follow();
    },
    /** The chat whose settings are asked for: the open one, however many were opened meanwhile. */
    opening() { answering = opened; return drafts.fresh() ? "" : ic.chat; },
    asking(given) { waits(true); return given; },
    followed(receipt) {
      if (answering !== opened && answering) return;  // The answer for the newest is on its way.
      broken = Boolean(receipt?.lost && open);
      if (broken) return;
      open = null;
      waits(false);
      if (receipt?.notice) ic.toast(receipt.notice);
    },
    /** The settings as they stand now, whether they were used yet or not; `ask` makes Gradio tell them. */
    settings: (ask) => new Promise((resolve) => { asking.push(resolve); ask(); }),
    told(names, given) { asking.shift()?.(Object.fromEntries(names.map((each, index) => [each, given[index]]))); },
    /** A picture's recipe is about to replace what stands in the composer. */
    regenerate(id, ask) { picture = id; ask(); },
    regenerating(box) {
      setAside = { text: box.text ?? "", files: box.files ?? [] };
      return [picture, null];
    },
    /** A picture's recipe is in the composer; a draft that stood there can be put back. */
    regenerated(receipt) {
      if (receipt?.lost) return undefined;
      if (receipt?.error) return ic.toast(receipt.error.text, { kind: "problem" });
      const had = setAside;
      ic.tab(0);
      expand(true);
      if (had.text.trim() || had.files.length) ic.toast(say("chat.draft_replaced"), { action: say("chat.put_back"), act: () => {
        filling = had.files;
        write(had.text);
        ic.conversation.boxed();
      } });
      else ic.toast(say("chat.recipe_ready"));
      setTimeout(() => { area()?.focus(); keep(); }, 60);
      return undefined;
    },
    toggle() { expand(!document.getElementById("composer").classList.contains("open")); },
    focus() { area()?.focus({ preventScroll: true }); },
  };
  begin();
})();
