// Gradio's own calls, watched: uploads have words and can be stopped, and a call that fails is told of instead of ending the page.
(() => {
  const ic = window.imagechat;
  const { say, drafts } = ic;
  const uploads = new Set(), following = new Set(), fetched = window.fetch;
  let newest = null;  // of those by which the composer follows
  const answer = (what) => new Response(JSON.stringify(what), { headers: { "Content-Type": "application/json" } });

  ic.calls = {
    /** Set by who wants to hear: uploads came or went; pictures arrived for a chat; the call with this body was lost,
        `unknown`: for nobody knows this browser any more, of which the page tells already. */
    changed() {}, landed() {}, lost() {},
    /** Set by who sends messages: how the call with this body waits for its turn, where it is one. */
    turn() {},
    /** Whether an answer by which the composer follows is still on its way. */
    following: () => following.size > 0,
    /** The uploads of the open chat. */
    uploads: () => [...uploads].filter((each) => each.home === drafts.place()).map((each) => ({ names: each.names, stop: () => each.stopper.abort() })),
    /** The new chat has an address: what goes up for it comes there. */
    settle(chat) { for (const each of uploads) if (each.home === "new") each.home = chat; },
  };
  window.fetch = (what, given = {}) => {
    const address = typeof what === "string" ? what : (what?.url ?? String(what));
    if (/\/upload\?upload_id=/.test(address)) return upload(what, given);
    return /\/run\/predict/.test(address) ? newestOf(what, given) : fetched.call(window, what, given);
  };
  /** Gradio writes each answer into the controls as it comes, in whatever order. A chosen model's says only what has to change for it: it is
      of no use, and so made empty, where something newer was asked for, or the settings of a chat or a picture came in between. */
  async function newestOf(what, given) {
    const { fn_index: index } = JSON.parse(given.body), kind = window.gradio_config.dependencies.find((each) => each.id === index)?.api_name;
    if (!kind?.startsWith("follow_")) return call(what, given);
    if (newest?.body !== given.body || !following.has(newest)) newest = { kind, body: given.body, answer: null, crossed: false };  // Else it was fired twice.
    const mine = newest;
    following.add(mine);
    for (const each of following) for (const other of following) if (each !== other && other.kind !== "follow_model") each.crossed = true;
    mine.answer ??= call(what, given).finally(() => following.delete(mine));
    const got = (await mine.answer).clone();
    return kind === "follow_model" && (mine.crossed || mine !== newest) ? answer(changing({})) : got;
  }
  /** Gradio takes a call that fails for the end of the connection, ignores every further event and loads the page anew when the server
      answers again: typed words, chosen settings and the reading position would be gone. So it gets an answer that changes nothing. */
  async function call(what, given) {
    const turn = ic.calls.turn(given.body) ?? ((deed) => deed());
    let stopped = false, unknown = false;
    try {
      const got = await turn((signal) => fetched.call(window, what, { signal, ...given }));
      if (got.ok) return got;
      unknown = got.status === 401 && await ic.live.out();
    } catch (fault) {
      stopped = fault.name === "AbortError";
      if (!stopped) console.warn(fault);
    }
    if (!stopped) ic.calls.lost(given.body, unknown);
    // The composer's calls have a receipt that comes first; those of Account (no inputs) and of Usage (days and whose) have none.
    return answer([0, 2].includes(JSON.parse(given.body).data.length) ? changing() : changing({ lost: true }));
  }
  /** An answer that changes nothing but the receipt. */
  const changing = (...data) => ({ data, is_generating: false, duration: 0, average_duration: 0 });

  /** A picture goes up for the chat that it was added to. Gradio would keep every event waiting meanwhile, and put the picture into whichever
      chat is open in the end; so it is told that nothing came, and the picture comes to its chat's draft. */
  function upload(what, given) {
    const files = given.body?.getAll?.("files") ?? [], large = (file) => file.size > ic.given.upload.bytes;
    for (const file of files.filter(large)) ic.toast(say("composer.too_big", { name: file.name, most: ic.given.upload.megabytes }), { kind: "problem" });
    const chosen = files.filter((file) => !large(file)), body = new FormData();
    for (const file of chosen) body.append("files", file);
    const names = chosen.map((file) => file.name).join(", ");
    if (chosen.length) send({ home: drafts.place(), names, stopper: new AbortController() }, chosen, what, { ...given, body });
    return Promise.resolve(answer([]));
  }
  async function send(one, chosen, what, given) {
    uploads.add(one);
    ic.calls.changed();
    try {
      const got = await fetched.call(window, what, { ...given, signal: one.stopper.signal });
      if (!got.ok && got.headers.get("Content-Type")?.startsWith("text/plain")) return void ic.toast(await got.text(), { kind: "problem", stay: true });
      if (!got.ok) throw new Error(`the upload was answered with ${got.status}`);
      const root = String(what.url ?? what).split("/upload?")[0], paths = await got.json();
      uploads.delete(one);
      ic.calls.landed(one.home, paths.map((path, index) => {
        const { name, size, type } = chosen[index];
        return { path, url: `${root}/file=${path}`, orig_name: name, size, mime_type: type, is_stream: false, meta: { _type: "gradio.FileData", id: ic.newId() } };
      }));
    } catch (fault) {
      if (fault.name === "AbortError") return;
      console.warn(fault);
      ic.toast(say("composer.not_added", { name: one.names }), { kind: "problem", stay: true });
    } finally {
      uploads.delete(one);
      ic.calls.changed();
    }
  }
})();
