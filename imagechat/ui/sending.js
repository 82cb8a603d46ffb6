// Sending: one press is one turn. What was pressed waits for its chat's settings, goes to the server in its order, can be taken back on the
// way, and comes back to where it was typed when it did not arrive.
(() => {
  const ic = window.imagechat;
  const { el, say, drafts, box } = ic;
  const LATE = 1500;          // ms after which something on its way is told of
  const pending = new Map();  // what is on its way, by its mark: { nonce, chat, text, files, time, held, arrived, stopper }
  const ready = [];           // what Gradio was told to send and has not asked for yet
  const ends = new Map();     // by chat: when what was sent last is answered
  let last = 0, warned = null, offered = null, passing = false, leaving = false;

  const { paths } = drafts;
  const alike = (one, other) => one.join() === other.join();
  const carried = (chat) => new Set([...pending.values()].filter((sent) => sent.chat === chat).flatMap((sent) => paths(sent.files)));
  const mark = ({ nonce, chat, text, files }) => ({ nonce, chat, text, files });
  const without = (marks, nonce) => (marks ?? []).filter((each) => each.nonce !== nonce);
  const union = (one, other) => [...(one ?? []), ...other.filter((file) => !paths(one).includes(file.path))];
  const seen = (text) => /[^\p{C}\p{Z}]/u.test(text);

  /** Words about what stands in the box: they go when it changes or is sent. */
  function warn(words, kind) {
    warned?.();
    warned = words ? ic.toast(words, { kind }) : null;
  }

  // --- pressing Send ---
  function press() {
    const text = box.text, had = drafts.of();
    if (ic.live.lost) return warn(say("composer.failed"));
    if (ic.calls.uploads().length) return warn(say("composer.uploading"));
    const files = (had.files ?? []).filter((file) => !carried(ic.chat).has(file.path));
    if (!seen(text) && !files.length) return Date.now() - last < LATE ? undefined : warn(say("composer.empty"));
    const same = had.again?.text === text && alike(paths(had.again.files), paths(files));
    const sent = { nonce: same ? had.again.nonce : ic.newId(), chat: ic.chat, text, files, time: Date.now(), held: true, stopper: new AbortController() };
    last = sent.time;
    warn();
    pending.set(sent.nonce, sent);
    drafts.change({ text: "", again: undefined, chat: sent.chat, sent: [...without(had.sent, sent.nonce), mark(sent)] });
    box.write("");
    setTimeout(tell, LATE);
    ic.conversation?.stick();
    return release();
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
    const taken = (here ? box.text : (had.text ?? "")).trim();
    if (!taken) drafts.change({ text: sent.text, again: mark(sent), sent: without(had.sent, sent.nonce) }, home);
    if (!here) return void ic.toast(words || say("composer.unsent"), { kind, stay: true, action: say("composer.show"), act: () => ic.openChat(home === "new" ? null : sent.chat) });
    if (taken) return offer(kind === "problem" ? words : "");
    box.write(sent.text);
    box.focus();
    return warn(words, kind);
  }
  /** Words that did not arrive and had to make room can be put back, one after the other. */
  function offer(words) {
    offered?.();
    const lost = (drafts.of().sent ?? []).find((each) => (each.text.trim() || each.files?.length) && !pending.has(each.nonce));
    offered = lost ? ic.toast(words || say(lost.aside ? "chat.draft_set_aside" : "composer.unsent"), {
      kind: "problem", stay: true, action: say("composer.put_back"), act: () => putBack(lost),
      dismissed: () => drafts.change({ sent: without(drafts.of().sent, lost.nonce) }),
    }) : null;
  }
  function putBack(lost) {
    const had = drafts.of(), typed = box.text.trim(), sent = without(had.sent, lost.nonce);
    if (typed) sent.push(standing([]));
    drafts.change({ text: lost.text, again: lost, sent, files: union(had.files, lost.files ?? []) });
    box.write(lost.text);
    box.focus();
    if (lost.files?.length) ic.composer.refill();
    offer();
  }
  /** What stands in the box and is set aside, as a mark: that of its first press, where it was pressed before. */
  function standing(files) {
    const { again } = drafts.of();
    if (again?.text === box.text) return { ...again, files: union(again.files, files), aside: true };
    return { nonce: ic.newId(), chat: ic.chat, text: box.text, files, aside: true };
  }
  /** The server has what was sent under this mark. */
  function arrived(nonce, chat = ic.chat) {
    const name = drafts.place(chat), had = drafts.at(name), again = had.again?.nonce === nonce && had.again;
    const gone = again || had.sent?.find((each) => each.nonce === nonce);
    if (!gone) return;
    const untouched = again && had.text === again.text, files = (had.files ?? []).filter((file) => !paths(gone.files).includes(file.path));
    drafts.change({ files, sent: without(had.sent, nonce), ...(again && { again: undefined }), ...(untouched && { text: "" }) }, name);
    if (chat !== ic.chat) return;
    if (untouched && box.text === again.text) box.write("");
    else if (again) ic.toast(say("composer.arrived"));
    if (offered && !again) offer();
    if (gone.files?.length) ic.composer.refill();
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
  ic.calls.lost = (body) => {
    const sent = [...pending.values()].find((each) => body?.includes(each.nonce));
    if (sent) giveBack(sent, say("composer.failed"));
    else if (!ic.live.gone) ic.toast(say("page.offline"), { kind: "problem" });
  };

  ic.sending = {
    press, release, tell, warn,
    /** Whether this is Gradio's own event, which follows a press. */
    passing: () => passing,
    busy: (chat) => [...pending.values()].some((sent) => sent.chat === chat),
    /** Fills what Gradio sends: words and pictures as they were at the press, the chat, and the press's mark. */
    fill(given, outbox, message) {
      const sent = ready.shift();
      if (!sent) return given;
      given[message] = { text: sent.text, files: sent.files };
      given[outbox] = JSON.stringify({ thread: sent.chat, nonce: sent.nonce });
      return given;
    },
    /** The receipt is here: keep the chat's address, or give everything typed back. */
    answered(receipt) {
      const sent = pending.get(receipt?.nonce);
      if (receipt?.error && sent) giveBack(sent, receipt.error.text);
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
    replace(text, words) {
      const had = drafts.of(), files = had.files ?? [], aside = box.text.trim() || files.length ? standing(files) : null;
      drafts.change({ text, again: undefined, files: [], sent: [...without(had.sent, aside?.nonce), ...(aside ? [aside] : [])] });
      box.write(text);
      if (files.length) ic.composer.refill();
      offered?.();
      offered = aside && ic.toast(words, { action: say("chat.put_back"), act: () => putBack(aside) });
      return Boolean(aside);
    },
    /** Another chat is open: what waits for another one's settings stays there, and what did not arrive here is offered. */
    opened() {
      for (const sent of [...pending.values()]) if (sent.held && sent.chat !== ic.chat) giveBack(sent, "");
      const had = drafts.of(), lost = had.text?.trim() ? null : had.sent?.find((each) => !pending.has(each.nonce));
      if (lost) drafts.change({ text: lost.text, again: lost, sent: without(had.sent, lost.nonce), files: union(had.files, lost.files ?? []) });
      box.write(drafts.of().text ?? "");
      offer();
    },
  };
})();
