// Worded prompts: a text model proposes one, both texts are shown, and nothing is used before somebody says so.
(() => {
  const ic = window.imagechat;
  const { el, say, drafts, box } = ic;
  let panel = null, asked = null;  // asked: { nonce, chat } while a model is at it

  const settings = async () => ic.composer.settings((await ic.part("conversation")).settings);
  const server = async () => (await ic.part("conversation")).server;

  function close() {
    panel?.remove();
    panel = null;
    if (asked) server().then((verbs) => verbs.drop_wording(asked?.nonce ?? "").catch(() => { /* it ends by itself */ }));
    asked = null;
  }
  function show(...children) {
    panel?.remove();
    panel = el("section", { class: "worded", role: "group", "aria-label": say("chat.worded") }, ...children);
    box.house().prepend(panel);
  }
  /** Let a model word something; its answer, or null where it was refused, stopped or left behind. */
  async function ask(deed) {
    close();
    const mine = asked = { nonce: ic.newId(), chat: ic.chat };
    const stop = el("button", { type: "button", class: "button", text: say("chat.stop"), onclick: close });
    show(el("div", { class: "row" }, el("b", { role: "status", text: say("chat.wording") }), stop));
    const given = await settings();
    const verbs = await server();
    const got = asked === mine ? await ic.call(async () => deed(verbs, mine.nonce, given)) : null;
    if (asked !== mine) return null;
    asked = null;
    if (!got) close();
    return got;
  }
  /** Both texts, the new one to be changed, and what can be done with it. */
  function approve(got, label, use) {
    const area = el("textarea", { dir: "auto", rows: 4, "aria-label": say("chat.worded_prompt") });
    area.value = got.prompt;
    const yes = el("button", { type: "button", class: "button main", text: label, onclick: async () => {
      if (!area.value.trim()) return area.focus();
      return use(area.value.trim(), yes);
    } });
    const no = el("button", { type: "button", class: "button", text: say(got.original ? "chat.keep_mine" : "chat.dismiss"), onclick: () => { close(); box.focus(); } });
    show(
      el("p", { class: "by", text: got.prompt === got.original ? say("chat.reword_yourself") : got.by }),
      ...(got.original && got.original !== got.prompt ? [el("p", { class: "mine", dir: "auto" }, el("span", { text: `${say("chat.your_words")} ` }), got.original)] : []),
      area, el("div", { class: "row" }, yes, no),
    );
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); close(); box.focus(); }
    });
    area.focus();
  }
  function take(words, original) {
    close();
    drafts.change({ text: words, original });
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
    close, back,
    /** A better prompt for what stands in the box. */
    async enhance() {
      const text = box.text.trim();
      if (!text) return ic.sending.warn(say("chat.nothing_to_enhance"));
      const got = await ask((verbs, nonce, given) => verbs.ask_wording(text, "enhance", nonce, given));
      return got && approve(got, say("chat.use"), (words) => take(words, drafts.of().original ?? text));
    },
    /** A milder one for what was refused. */
    async reword(prompt) {
      const got = await ask((verbs, nonce, given) => verbs.ask_wording(prompt, "reword", nonce, given));
      return got && approve(got, say("chat.use"), (words) => {
        if (box.text.trim()) ic.sending.replace(words, say("chat.draft_set_aside"));
        take(words, prompt);
      });
    },
    /** A prompt for what this chat is about, and a picture of it. */
    async scene() {
      const got = await ask((verbs, nonce, given) => verbs.ask_scene(ic.chat, nonce, given));
      return got && approve(got, say("chat.draw_it"), async (words, button) => {
        const done = await ic.once(button, async (nonce) => ic.call((await server()).ask_words, ic.chat, words, nonce, await settings(), words === got.prompt ? null : got.prompt));
        if (!done) return;
        close();
        ic.settleChat(done.thread);
        ic.conversation.stick();
      });
    },
  };
  document.addEventListener("imagechat:chat", () => { close(); back(); });
})();
