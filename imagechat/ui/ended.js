// The foot of a reply whose job ended: what it took, or why nothing came of it, with the ways on.
(() => {
  const ic = window.imagechat;
  const { el, say } = ic;

  /** The parts of the foot, from top to bottom. A reply without any picture, not even half of one, shows no frames for them. */
  ic.ended = (card, job, talk) => {
    const image = card.turn.kind === "image", partly = job.places.some((place) => place.status === "done");
    const nothing = image && !partly && !job.places.some((place) => place.preview);
    card.grid.hidden = nothing && job.status !== "done";
    const parts = job.notes.map((note) => el("p", { class: "note", dir: "auto", text: note }));
    if (job.status !== "done" && !(image && partly)) parts.push(problem(card, job, nothing, talk));
    if (job.status === "done" || partly) parts.push(meta(card, job, talk));
    return parts;
  };

  function problem(card, job, nothing, talk) {
    const silent = card.turn.kind === "text" && !card.prose.textContent;
    const words = job.error?.text ?? say(`errors.job.${job.status}${silent ? "_silent" : nothing ? "_before" : ""}`);
    const whole = job.charged ? `${words} ${say("errors.job.may_be_charged")}` : words;
    return el("div", { class: `problem ${job.status}`, role: "group" }, el("p", { dir: "auto", text: whole }), el("div", { class: "row" }, ...ways(card, job, talk)));
  }
  /** The buttons that lead on. */
  function ways(card, job, { server, turns, once }) {
    const act = (label, onclick) => el("button", { type: "button", class: "button", text: say(label), onclick });
    const { prompt, parent } = card.turn, { code, reason } = job.error ?? {};
    const acts = [act("chat.try_again", (event) => once(event, (nonce) => ic.call(server.ask_retry, job.message, null, nonce)))];
    if (code === "blocked" && prompt) acts.unshift(act("chat.reword", () => ic.wording.reword(prompt)));
    if (code === "missing_key" || reason?.startsWith("own_")) acts.unshift(act("chat.to_account", () => ic.tab(3)));
    const said = code === "not_allowed" && (turns.get(parent)?.turn.text || prompt);
    if (said) acts.splice(0, reason === "moderation" ? 1 : 0, act("chat.change_words", () => {  // The same words would be refused again.
      if (!ic.sending.replace(said, say("chat.draft_set_aside"))) ic.composer.focus();
    }));
    return acts;
  }
  /** What it took: of pictures what their recipe says, of words the model, the time and the tokens. */
  function meta(card, job, { pictures }) {
    const row = el("div", { class: "meta" });
    const first = job.places.map((place) => pictures.get(place.generation)).find(Boolean);
    const facts = first ? [...first.meta] : card.turn.origin === "command" ? [] : [job.model];
    if (!first && facts.length && job.took !== null) facts.push(say("details.seconds", { seconds: ic.number(job.took, 1) }), ...job.used);
    if (first && job.total) facts.splice(-1, 1, job.total);  // The last one is this picture's price.
    for (const fact of facts) row.append(el("span", { text: fact }));
    if (card.turn.kind === "text") row.append(el("button", { type: "button", class: "plain", text: say("chat.copy"), onclick: async () => {
      await ic.copy(card.prose.innerText.trim());
      ic.toast(say("chat.copied"));
    } }));
    return row;
  }
})();
