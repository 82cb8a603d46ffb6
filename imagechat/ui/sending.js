// Sending: one press is one turn. What was pressed waits for its chat's settings, goes to the server in its order, can be taken back on the
// way, and comes back to where it was typed when it did not arrive.
(() => {
  const ic = window.imagechat;
  const { el, say, drafts, box } = ic;
  const LATE = 1500;          // ms after which something on its way is told of
  const pending = new Map();  // what is on its way, by its mark: { nonce, chat, text, files, time, held, arrived, stopper }
  const ready = [];           // what Gradio was told to send and has not asked for yet
  const ends = new Map();     // by chat: when what was sent last is answered
  let last = 0, warned = null, offered = null, passing = false, leaving = false, early = false;

  const { ids } = drafts;
  const doors = new Map();    // by chat: the words that lead to what came back to it
  const alike = (one, other) => one.join() === other.join();
  const mark = ({ nonce, chat, text, files, original }) => ({ nonce, chat, text, files, original });
  const without = (marks, nonce) => (marks ?? []).filter((each) => each.nonce !== nonce);
  const seen = (text) => /[^\p{C}\p{Z}]/u.test(text);

  /** The id of a made picture that stands among the added ones: it lies with the server, which Gradio need not fetch it from. */
  const made = (file) => file.meta?.generation;

  /** Words about what stands in the box: they go when it changes or is sent. */
  function warn(words, kind) {
    warned?.();
    warned = words ? ic.toast(words, { kind }) : null;
  }

  // --- pressing Send ---
  function press() {
    const text = box.text, had = drafts.of();
    if (ic.live.barred) return ic.live.knock();
    if (ic.live.lost) return warn(say("composer.failed"));
    if (ic.calls.uploads().length) return warn(say("composer.uploading"));
    const coming = ic.composer.recipe();
    if (coming && !coming.edit) return warn(say("composer.recipe_coming"));
    early = Boolean(coming) && ic.chat;
    if (early) return undefined;  // Pressed while the picture to be edited is on its way: it goes when that is here.
    const files = had.files ?? [];
    if (!seen(text) && !files.length) return Date.now() - last < LATE ? undefined : warn(say("composer.empty"));
    const same = had.again?.text === text && alike(ids(had.again.files), ids(files));
    const sent = { nonce: same ? had.again.nonce : ic.newId(), chat: ic.chat, text, files, original: had.original, time: Date.now(), held: true, stopper: new AbortController() };
    last = sent.time;
    warn();
    ic.completion.close();
    pending.set(sent.nonce, sent);
    drafts.change({ text: "", files: [], original: undefined, again: undefined, chat: sent.chat, sent: [...without(had.sent, sent.nonce), mark(sent)] });
    show();
    setTimeout(tell, LATE);
    ic.conversation?.stick();
    return release();
  }
  /** The box has what its draft says. */
  function show() {
    const { text, files } = drafts.of();
    box.write(text ?? "");
    if (files?.length || box.pictures().length) ic.composer.refill();
    ic.wording?.back();
  }
  /** What was pressed in the open chat goes, once the settings are this chat's. */
  function release() {
    if (!ic.composer.settled()) return;
    for (const sent of [...pending.values()].filter((each) => each.held && each.chat === ic.chat)) {
      sent.held = false;
      ready.push(sent);
      passing = true;  // Gradio's own event from here on; `click()` would do nothing while the button is pressed by a key.
      box.button().dispatchEvent(new MouseEvent("click", { bubbles: true }));
      passing = false;
    }
  }
  /** One after the other within a chat, so that they are kept in the order in which they were said. */
  function inTurn(sent, deed) {
    const before = ends.get(sent.chat);
    const mine = (async () => {
      await before;
      while (leaving) await new Promise((resolve) => setTimeout(resolve, 500));  // The page before it lost its call only because it goes.
      sent.stopper.signal.throwIfAborted();
      return deed(sent.stopper.signal);
    })();
    ends.set(sent.chat, mine.catch(() => { /* told where it is awaited */ }));
    return mine;
  }

  // --- what is on its way ---
  function tell() {
    const house = box.house();
    house.querySelector(".uploads")?.remove();
    const row = (words, label, act) => el("div", {}, el("span", { dir: "auto", text: words }), el("button", { type: "button", class: "plain", text: label, onclick: act }));
    const rows = ic.calls.uploads().map((each) => row(say("composer.uploading_file", { name: each.names }), say("composer.stop_upload"), each.stop));
    for (const sent of pending.values()) if (Date.now() - sent.time >= LATE)
      rows.push(row(say("composer.sending", { text: [...sent.text].slice(0, 60).join("") }), say("composer.take_back"), () => giveBack(sent, say("composer.taken_back"), "note")));
    if (rows.length) house.prepend(el("div", { class: "uploads", role: "status" }, ...rows));
  }
  /** What was sent has not arrived, was refused or is taken back: it goes where it was typed, and pushes nothing away that stands there now. */
  function giveBack(sent, words, kind = "problem") {
    if (!pending.delete(sent.nonce)) return;
    sent.stopper.abort();
    tell();
    if (sent.arrived) return;  // Its turn is on the page: only the answer was lost.
    const home = drafts.place(sent.chat), had = drafts.at(home), here = sent.chat === ic.chat;
    if (here && had.text !== box.text) drafts.change({ text: box.text });
    const taken = Boolean(drafts.at(home).text?.trim() || had.files?.length);
    if (had.unborn) return giveOver(home, words, kind);
    if (!taken) drafts.change({ text: sent.text, files: sent.files, original: sent.original, again: mark(sent), sent: without(had.sent, sent.nonce) }, home);
    if (!here) return door(sent.chat, words, kind, () => ic.openChat(home === "new" ? null : sent.chat));
    if (taken) return offer(kind === "problem" ? words : "");
    show();
    box.focus();
    return warn(words, kind);
  }
  /** A chat that was left before the server ever heard of it: what it had goes to the new chat, for there is no other way to it. */
  function giveOver(home, words, kind) {
    const { text, files, again, original, sent } = drafts.at(home), flying = (sent ?? []).filter((each) => pending.has(each.nonce));
    const rest = (sent ?? []).filter((each) => !pending.has(each.nonce));
    if (text?.trim() || files?.length) rest.push(aside({ text, files, again, original }));
    drafts.save(flying.length ? { sent: flying, unborn: true } : {}, home);
    drafts.change({ sent: [...(drafts.at("new").sent ?? []), ...rest] }, "new");
    if (drafts.fresh()) offer(words); else door("new", words, kind, () => ic.openChat(null));
  }
  /** After a reload: what was on its way in such chats is in them, or comes to the new one. */
  async function findUnborn() {
    const { server } = await ic.part("conversation");
    for (const name of drafts.names().filter((each) => drafts.at(each).unborn)) {
      const got = await server.fetch_turns(name, null).catch(() => null);
      if (got?.error?.code === "not_found") {
        giveOver(name, "");
        ic.composer.recall();
      } else if (got && !got.error) drafts.change({ unborn: undefined }, name);
    }
  }
  function door(chat, words, kind, act) {
    doors.get(chat)?.();
    doors.set(chat, ic.toast(words || say("composer.unsent"), { kind, stay: true, action: say("composer.show"), act }));
  }
  /** Words that did not arrive and had to make room can be put back, one after the other. */
  function offer(words) {
    offered?.();
    const lost = (drafts.of().sent ?? []).find((each) => (each.text.trim() || each.files?.length) && !pending.has(each.nonce));
    offered = lost ? ic.toast(words || say(lost.aside ? "chat.draft_set_aside" : "composer.unsent"), {
      kind: "problem", stay: true, action: say("composer.put_back"), act: () => putBack(lost), dismissed: () => forget(lost),
    }) : null;
  }
  function forget(lost) {
    drafts.change({ sent: without(drafts.of().sent, lost.nonce) });
    offer();
  }
  /** What was lost or set aside changes places with what stands in the box. */
  function putBack(lost) {
    const standing = { ...drafts.of(), text: box.text }, sent = without(standing.sent, lost.nonce);
    if (standing.text.trim() || standing.files?.length) sent.push(aside(standing));
    drafts.change({ text: lost.text, files: lost.files ?? [], original: lost.original, again: lost, sent });
    show();
    box.focus();
    offer();
  }
  /** A draft as a mark: that of its first press, where it was pressed before. */
  function aside({ text, files, again, original }) {
    const same = again?.text === text && alike(ids(again.files), ids(files));
    return { nonce: same ? again.nonce : ic.newId(), chat: ic.chat, text: text ?? "", files: files ?? [], original, aside: true };
  }
  /** The server has what was sent under this mark. */
  function arrived(nonce, chat = ic.chat) {
    const name = drafts.place(chat), had = drafts.at(name), again = had.again?.nonce === nonce && had.again;
    if (had.unborn) drafts.change({ unborn: undefined }, name);
    if (!again && !had.sent?.some((each) => each.nonce === nonce)) return;
    const untouched = again && had.text === again.text && alike(ids(had.files), ids(again.files));
    drafts.change({ sent: without(had.sent, nonce), ...(again && { again: undefined }), ...(untouched && { text: "", files: [] }) }, name);
    if (chat !== ic.chat) return;
    if (untouched) show();
    else if (again) ic.toast(say("composer.arrived"));
    if (offered && !again) offer();
  }

  addEventListener("beforeunload", () => {
    leaving = true;
    setTimeout(() => (leaving = false), 3000);  // Some only begin a download, or stay.
  });

  ic.calls.changed = tell;
  ic.calls.turn = (body) => {
    const sent = [...pending.values()].find((each) => body?.includes(each.nonce));
    return sent && ((deed) => inTurn(sent, deed));
  };
  ic.calls.lost = (body, unknown) => {
    const sent = [...pending.values()].find((each) => body?.includes(each.nonce));
    if (sent) giveBack(sent, unknown ? "" : say("composer.failed"));
    else if (!ic.live.gone) ic.toast(say(ic.live.lost ? "page.offline" : "page.problem"), { kind: "problem" });
  };

  ic.sending = {
    press, release, tell, warn, findUnborn,
    /** The picture to be edited is here: a press that came before it counts now, where its chat is still open. */
    resume() {
      if (early !== ic.chat) return;
      early = false;
      press();
    },
    /** Whether this is Gradio's own event, which follows a press. */
    passing: () => passing,
    busy: (chat) => [...pending.values()].some((sent) => sent.chat === chat),
    /** Fills what Gradio sends: words and pictures as they were at the press, the chat, and the press's mark. */
    fill(given, outbox, message) {
      const sent = ready.shift(), gone = !pending.has(sent?.nonce);  // Taken back before Gradio came to it.
      given[message] = gone ? { text: "", files: [] } : { text: sent.text, files: [] };
      const files = sent.files.filter((file) => !made(file)).map(({ path, orig_name }) => ({ path, orig_name }));  // Gradio would move them.
      given[outbox] = gone ? "" : JSON.stringify({ thread: sent.chat, nonce: sent.nonce, original: sent.original, files, sources: sent.files.map(made).filter(Boolean) });
      return given;
    },
    /** The receipt is here: keep the chat's address, or give everything typed back. */
    answered(receipt) {
      const sent = pending.get(receipt?.nonce);
      if (receipt?.error && sent) {
        giveBack(sent, receipt.error.text);
        if (receipt.error.length) ic.completion.point(sent.text, receipt.error.at, receipt.error.length);
      }
      if (!receipt?.nonce || receipt.error) return;
      pending.delete(receipt.nonce);
      tell();
      arrived(receipt.nonce, receipt.thread);
      ic.settleChat(receipt.thread);
      if (!receipt.fresh) ic.conversation.catchUp();
    },
    /** A turn of the open chat is shown. */
    heard(nonce) {
      if (!nonce) return;
      if (pending.has(nonce)) pending.get(nonce).arrived = true;
      arrived(nonce);
    },
    /** Other words take the place of what stands in the box, which is kept and can be put back. */
    replace(text, words, files = []) {
      const had = { ...drafts.of(), text: box.text }, kept = had.text.trim() || had.files?.length ? aside(had) : null;
      drafts.change({ text, again: undefined, original: undefined, files, sent: [...without(had.sent, kept?.nonce), ...(kept ? [kept] : [])] });
      show();
      if (!kept) return false;
      offered?.();
      offered = ic.toast(words, { stay: true, action: say("chat.put_back"), act: () => putBack(kept), dismissed: () => forget(kept) });
      return true;
    },
    /** Another chat is open: what waits for another one's settings stays there, and what did not arrive here is offered. */
    opened() {
      for (const sent of [...pending.values()]) if (sent.held && sent.chat !== ic.chat) giveBack(sent, "");
      for (const name of [ic.chat, drafts.place()]) doors.get(name)?.();
      const had = drafts.of(), lost = had.text?.trim() || had.files?.length ? null : had.sent?.find((each) => !pending.has(each.nonce));
      if (lost) drafts.change({ text: lost.text, files: lost.files ?? [], original: lost.original, again: lost, sent: without(had.sent, lost.nonce) });
      show();
      offer();
    },
  };
})();
