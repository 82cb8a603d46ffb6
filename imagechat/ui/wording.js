// Worded prompts: a text model proposes one, both texts are shown, and nothing is used before somebody says so. Each chat has its own panel,
// which is there again when the chat is.
(() => {
  const ic = window.imagechat;
  const { el, say, drafts, box } = ic;
  const panels = new Map();  // by chat: { node, nonce } while a model is at it, { node } once it is to be approved

  const settings = async () => ic.composer.settings((await ic.part("conversation")).settings);
  const server = async () => (await ic.part("conversation")).server;

  /** The open chat's panel stands above the box. */
  function show() {
    const node = panels.get(ic.chat)?.node, house = box.house();
    for (const old of house?.querySelectorAll(".worded") ?? []) if (old !== node) old.remove();
    if (node && !node.isConnected) house?.prepend(node);
  }
  function put(chat, panel, ...children) {
    panel.node = el("section", { class: "worded", role: "group", "aria-label": say("chat.worded") }, ...children);
    panels.set(chat, panel);
    show();
    return panel;
  }
  function close(chat) {
    panels.delete(chat);
    show();
  }
  /** Let a model word something for the open chat, once at a time; its answer, or null where it was refused or stopped. */
  async function ask(deed) {
    const chat = ic.chat;
    if (panels.get(chat)?.nonce) return ic.sending.warn(say("chat.wording_waits"));
    const mine = { nonce: ic.newId() };
    const stop = el("button", { type: "button", class: "button", text: say("chat.stop"), onclick: async () => {
      close(chat);
      await (await server()).drop_wording(mine.nonce).catch(() => { /* it ends by itself */ });
    } });
    put(chat, mine, el("div", { class: "row" }, el("b", { role: "status", text: say("chat.wording") }), stop));
    const given = await settings(), verbs = await server();
    const got = panels.get(chat) === mine ? await deed(verbs, mine.nonce, given).catch(() => ({ error: { text: say("page.problem") } })) : null;
    if (panels.get(chat) !== mine) return null;
    if (got && !got.error) return { ...got, chat };
    close(chat);
    ic.toast(got.error.text, { kind: "problem" });
    if (got.error.length) ic.completion.point(box.text, got.error.at, got.error.length);
    return null;
  }
  /** Both texts, the new one to be changed, and what can be done with it. */
  function approve(got, label, use) {
    const area = el("textarea", { dir: "auto", rows: 4, "aria-label": say("chat.worded_prompt") });
    area.value = got.prompt;
    const away = () => {
      const panel = panels.get(got.chat);
      close(got.chat);
      box.focus();
      ic.toast(say("chat.put_away"), { action: say("chat.show_again"), act: async () => {
        if (ic.chat !== got.chat) await ic.openChat(got.chat);
        panels.set(got.chat, panel);
        show();
      } });
    };
    const yes = el("button", { type: "button", class: "button main", text: label, onclick: () => (area.value.trim() ? use(area.value.trim(), yes) : area.focus()) });
    const no = el("button", { type: "button", class: "button", text: say(got.original ? "chat.keep_mine" : "chat.dismiss"), onclick: away });
    const { node } = put(got.chat, {},
      el("p", { class: "by", text: got.prompt === got.original ? say("chat.reword_yourself") : got.by }),
      ...(got.original && got.original !== got.prompt ? [el("p", { class: "mine", dir: "auto" }, el("span", { text: `${say("chat.your_words")} ` }), got.original)] : []),
      area, el("div", { class: "row" }, yes, no),
    );
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      away();
    });
    if (node.isConnected) area.focus();
  }
  /** The proposal takes the box; words that were written there meanwhile are set aside, and can be put back. */
  function take(words, got) {
    close(got.chat);
    const now = box.text.trim();
    if (now && now !== got.original && now !== words) ic.sending.replace(words, say("chat.draft_set_aside"), drafts.of().files ?? []);
    drafts.change({ text: words, original: got.first ?? got.original });
    box.write(words);
    back();
    box.focus();
  }
  /** What was written before, one click away for as long as the words are not sent. */
  function back() {
    const house = box.house(), { original, text } = drafts.of();
    house?.querySelector(".back")?.remove();
    if (!original || !text?.trim()) return;
    house.prepend(el("div", { class: "back" }, el("span", { text: say("chat.enhanced") }), el("button", { type: "button", class: "plain", text: say("chat.back_to_mine"), onclick: () => {
      drafts.change({ text: original, original: undefined });
      box.write(original);
      back();
      box.focus();
    } })));
  }

  ic.wording = {
    back,
    /** A better prompt for what stands in the box. */
    async enhance() {
      const text = box.text.trim(), { original, files } = drafts.of();
      if (!text) return ic.sending.warn(say("chat.nothing_to_enhance"));
      if (files?.length) return ic.sending.warn(say("chat.enhance_edit"));
      const got = await ask((verbs, nonce, given) => verbs.ask_wording(text, "enhance", nonce, given));
      return got && approve(got, say("chat.use"), (words) => take(words, { ...got, first: original }));
    },
    /** A milder one for what was refused. */
    async reword(prompt) {
      const got = await ask((verbs, nonce, given) => verbs.ask_wording(prompt, "reword", nonce, given));
      return got && approve(got, say("chat.use"), (words) => take(words, got));
    },
    /** A prompt for what this chat is about, and a picture of it. */
    async scene() {
      const got = await ask((verbs, nonce, given) => verbs.ask_scene(ic.chat, nonce, given));
      return got && approve(got, say("chat.draw_it"), async (words, button) => {
        const done = await ic.once(button, async (nonce) => ic.call((await server()).ask_words, got.chat, words, nonce, await settings(), words === got.prompt ? null : got.prompt));
        if (!done) return;
        close(got.chat);
        ic.settleChat(done.thread);
        ic.conversation.stick();
      });
    },
  };
  document.addEventListener("imagechat:chat", () => { show(); back(); });
})();
