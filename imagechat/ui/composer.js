// The composer's manners around Gradio's parts: a draft and pictures for each chat, ↑, settings that follow the chat and the model.
(() => {
  const ic = window.imagechat;
  const { say, drafts, box, sending } = ic;
  const asking = [];
  let filling = 0, shown = "", recipe = null, wanted = null, reopen = null;
  let busy = true, opened = 0, answering = 0, open = null, broken = false, proposed = false;

  // --- drafts ---
  function recall() {
    if (!box.area()) return;  // It will come, and asks then.
    sending.opened();
    sending.tell();
  }
  /** Put the open chat's pictures into the box. */
  async function refill() {
    filling++;
    await ic.part("page");
    ic.conversation.fill();
  }
  /** Pictures that were added long ago may be gone from the server; that is said before they are sent. */
  async function check() {
    const name = drafts.place(), had = drafts.at(name);
    const files = had.again ? [] : (had.files ?? []);  // What was sent may well have arrived.
    const there = await Promise.all(files.map((file) => fetch(file.url, { method: "HEAD" }).then((got) => got.ok, () => true)));
    const gone = files.filter((_, index) => !there[index]);
    if (!gone.length) return;
    drafts.change({ files: (drafts.at(name).files ?? []).filter((file) => !drafts.ids(gone).includes(drafts.ids([file])[0])) }, name);
    ic.toast(say("composer.picture_gone", { name: gone.map((file) => file.orig_name).join(", ") }), { kind: "problem" });
    if (name === drafts.place()) refill();
  }
  function keep() {
    if ((drafts.of().text ?? "") !== box.text) drafts.change({ text: box.text });
  }
  /** Gradio drew something anew: names are given again, and other pictures than before are kept with the draft. */
  function drawn() {
    box.name();
    box.invite((drafts.of().files ?? []).some((file) => file.meta?.generation));
    const now = box.pictures().join();
    if (now === shown) return;
    shown = now;
    ic.conversation?.look();
  }
  /** Who begins to write /edit without a picture gets the chat's newest one beside the words, to be seen, and taken away where it is not meant. */
  function propose() {
    const meant = /^\/edit\s/i.test(box.text);
    if (meant && !proposed && !drafts.of().files?.length) {
      const newest = ic.conversation?.newest();
      if (newest) ic.conversation.edit(newest);
    }
    proposed = meant;
  }
  function lastSaid() {
    const bubbles = document.querySelectorAll("#conversation .turn.user .bubble");
    return bubbles[bubbles.length - 1]?.textContent ?? "";
  }

  // --- settings ---
  function follow() {
    broken = false;
    waits(true);
    ic.part("page").then(open);
  }
  function waits(on) {
    busy = on;
    box.house()?.setAttribute("aria-busy", String(on));
    if (!on) setTimeout(() => { regenerate(); sending.release(); }, 30);  // Gradio asks again for what was chosen meanwhile; that comes first.
  }
  /** A picture's recipe, or what it needs to be edited, is asked for once nothing else is. */
  function regenerate() {
    if (busy || recipe || !wanted) return;
    [recipe, wanted] = [wanted, null];
    if (recipe.chat !== ic.chat) return late();
    waits(true);
    recipe.ask();
  }
  /** What was asked for is here: what it is, or null where it is not to be used. */
  function received(receipt) {
    if (recipe.chat !== ic.chat) {  // The settings are those of the chat that was left.
      late();
      ic.composer.follow(reopen);
      return null;
    }
    recipe = null;
    waits(false);
    if (receipt?.error) ic.toast(receipt.error.text, { kind: "problem" });
    if (receipt?.lost || receipt?.error) return null;
    ic.tab(0);
    setTimeout(box.focus, 60);
    return receipt;
  }
  /** A made picture as one that was added to a message. */
  function added(source) {
    const url = new URL(source.thumb, document.baseURI).href;
    return { path: url, url, orig_name: source.prompt.slice(0, 60), size: source.bytes, mime_type: "image/webp", is_stream: false, meta: { _type: "gradio.FileData", id: ic.newId(), generation: source.id } };
  }
  function late() {
    ic.toast(say(recipe.edit ? "chat.edit_late" : "chat.recipe_late"), { kind: "problem" });
    recipe = null;
  }

  // --- hands ---
  function key(event) {
    if (!event.target.matches("#message textarea") || ic.completion.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.stopImmediatePropagation();
      if (event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      if (!event.repeat) sending.press();
    }
    if (event.key === "ArrowUp" && !event.target.value && lastSaid()) { event.preventDefault(); box.write(lastSaid()); }
  }
  function click(event) {
    if (sending.passing() || !event.target.closest('[data-testid="submit-button"]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sending.press();
  }
  function begin() {
    if (!box.name()) return setTimeout(begin, 50);
    const house = box.house();
    house.addEventListener("keydown", key, true);
    house.addEventListener("click", click, true);
    house.addEventListener("input", (event) => {
      if (!event.target.matches("#message textarea")) return;
      sending.warn();
      keep();
      if (!box.text.trim() && drafts.of().original) drafts.change({ original: undefined });
      ic.wording.back();
      ic.completion.changed();
      propose();
    });
    new MutationObserver(drawn).observe(house, { childList: true, subtree: true, attributes: true, attributeFilter: ["src"] });
    if (ic.chat) recall();
    check();
    sending.findUnborn();
    waits(busy);
    new ResizeObserver(() => document.body.style.setProperty("--ic-composer", `${house.offsetHeight}px`)).observe(house);
    return undefined;
  }

  document.addEventListener("imagechat:chat", recall);
  ic.calls.landed = (home, files) => {
    drafts.change({ files: [...(drafts.at(home).files ?? []), ...files] }, home);
    if (home === drafts.place()) refill();
  };

  ic.composer = {
    recall, refill,
    /** Whether the settings are the open chat's; where they did not come they are asked for again. */
    settled() {
      if (broken) follow();
      return !busy;
    },
    /** The id that the new chat has already, where its first turn was sent and never answered. */
    unsettled() {
      const { chat } = drafts.at("new");
      if (!chat || !sending.busy(chat)) return chat ?? null;
      drafts.settle(chat);  // It is on its way, and makes room for the next.
      drafts.change({ unborn: true }, chat);
      return null;
    },
    knows: (chat) => Boolean(drafts.at(chat).text || drafts.at(chat).sent?.length),
    /** The box's new value: the open chat's pictures, beside what is typed. */
    fill: () => ({ text: box.text, files: drafts.of().files ?? [] }),
    filled() { filling--; },
    /** The pictures in the box are the open chat's, unless it is just being filled. */
    look(value) { if (!filling) drafts.change({ files: value?.files ?? [] }); },
    /** Model and settings are to follow the opened chat. */
    follow(asking) {
      opened++;
      open = reopen = asking;
      follow();
    },
    /** The chat whose settings are asked for: the open one, however many were opened meanwhile. */
    opening() {
      answering = opened;
      if (!drafts.fresh()) return ic.chat;
      const { settings, text, files } = drafts.of();  // A new chat's draft keeps the model that it was written for.
      return settings && (text?.trim() || files?.length) ? JSON.stringify(settings) : "";
    },
    asking(given) {
      waits(true);
      if (drafts.fresh()) drafts.change({ settings: given });
      return given;
    },
    followed(receipt) {
      if (answering !== opened && answering) return;  // The answer for the newest is on its way.
      broken ||= Boolean(receipt?.lost && open);
      if (broken) return void setTimeout(() => broken && follow(), 3000);
      if (receipt?.notice) ic.toast(receipt.notice);
      if (ic.calls.following()) return;  // What was asked for last is on its way.
      open = null;
      waits(false);
    },
    /** The settings as they stand now, whether they were used yet or not; `ask` makes Gradio tell them. */
    settings: (ask) => new Promise((resolve) => { asking.push(resolve); ask(); }),
    told(names, given) {
      const now = Object.fromEntries(names.map((each, index) => [each, given[index]]));
      for (const each of asking.splice(0)) each(now);  // All of them: one that Gradio never answered would be one behind for ever.
    },
    /** Whether a picture's recipe is on its way. */
    recipe: () => recipe ?? wanted,
    /** A picture's recipe is to stand in the composer of the chat that is open now. */
    regenerate(id, ask, edit = false) {
      wanted = { id, ask, edit, chat: ic.chat };
      regenerate();
    },
    regenerating: () => recipe.id,
    /** The recipe's settings are in the composer, and its words come; a draft that stood there can be put back. */
    regenerated(receipt) {
      const got = received(receipt);
      if (!got) return;
      box.expand(true);
      if (!sending.replace(got.prompt, say("chat.draft_replaced"), got.sources.map(added))) ic.toast(got.notice || say("chat.recipe_ready"));
      else if (got.notice) ic.toast(got.notice);
    },
    /** Gradio's outbox carries which picture is to be edited; the settings come along. */
    editing(given, outbox) { return given.map((each, index) => (index === outbox ? recipe.id : each)); },
    /** The settings are those for an edit: the picture stands beside the words, which stay. */
    edited(receipt) {
      const got = received(receipt);
      if (!got) return;
      const files = drafts.of().files ?? [];
      if (!files.some((file) => file.meta?.generation === got.source.id)) drafts.change({ files: [...files, added(got.source)] });
      refill();
      sending.resume();
    },
    toggle() { box.expand(!box.house().classList.contains("open")); },
    focus: box.focus,
  };
  begin();
})();
