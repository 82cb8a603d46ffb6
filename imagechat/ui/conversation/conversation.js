// The conversation. Turns are drawn once; only the card of a running job is touched while it runs.
const ic = window.imagechat;
const { el, say, icon } = ic;
const scroller = element.querySelector(".scroller"), list = element.querySelector(".turns");
const hello = element.querySelector(".hello"), status = element.querySelector(".status"), down = element.querySelector(".down");
const trash = element.querySelector(".trash"), secret = element.querySelector(".secret");
const turns = new Map(), pictures = new Map();
/** What the rows and pictures of its replies are drawn with (places.js, ended.js). */
const talk = { server, turns, pictures, once };
let chat = null, older = null, loading = 0, sticking = true, top = 0, fetching = false;

scroller.setAttribute("aria-label", say("chat.conversation"));
down.setAttribute("aria-label", say("chat.newest"));
down.append(icon("down"));

// --- staying at the newest, but only while the reader is there ---
const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 48;
/** The newest stands at the foot; of an empty chat its beginning is looked at. */
function toEnd() { scroller.scrollTop = hello.hidden ? scroller.scrollHeight : 0; }
function follow() { if (sticking) toEnd(); down.hidden = sticking || atEnd(); }
function stick() { sticking = true; follow(); }
scroller.addEventListener("scroll", () => {
  if (scroller.scrollTop < top - 2 && !atEnd()) sticking = false;
  else if (atEnd()) sticking = true;
  top = scroller.scrollTop;
  down.hidden = sticking || atEnd();
  if (top < 400 && older && !fetching) earlier();
}, { passive: true });
new ResizeObserver(follow).observe(list);
new ResizeObserver(() => { follow(); filled(); }).observe(scroller);
down.addEventListener("click", stick);

// --- reading a chat ---
/** Open a chat. `doubtful`: a new one whose first turn was sent and never answered, so the server may know it. */
async function show(id, { fresh = false, doubtful = false } = {}) {
  chat = id;
  clear();
  tellTrash(false);
  tellPrivate(ic.private.has(id));
  hello.hidden = true;
  settings();
  await read({ fresh, nothing: fresh && !doubtful });
  stick();
}
/** Model and settings follow the open chat, and what can be chosen by now. */
const settings = () => ic.composer.follow(() => trigger("opened", {}));
/** The chat of the address is nowhere, or somebody else's: nothing can be said in it, so a new one takes its place. */
function gone() {
  history.replaceState({}, "", location.pathname);
  ic.openChat(null, { push: false });
  ic.toast(say("chat.gone"));
}
function clear() {
  older = null;
  turns.clear();
  pictures.clear();
  list.replaceChildren();
}
/** Read the open chat's newest turns. What is shown already is brought up to date in its place, and the reader stays where he is.
    `fresh`: the server need not know it; `nothing`: it cannot; `anew`: what was heard so far is of no use. */
async function read({ fresh = false, nothing = false, anew = false } = {}) {
  const token = ++loading;
  status.hidden = nothing || turns.size > 0;
  status.textContent = say("chat.loading");
  const before = fresh ? await answer(() => server.fetch_version()) : null;  // A first turn on its way is newer than that, and so heard.
  let got = nothing ? before : await answer(() => server.fetch_turns(chat, null));
  if (got?.error?.code === "not_found") {
    if (token === loading && ic.private.has(chat)) return void ic.private.gone(chat);
    if (token === loading && !fresh && !ic.composer.knows(chat)) return void gone();
    got = before ?? await answer(() => server.fetch_version());
  }
  if (token !== loading) return;
  status.hidden = true;
  if (!got || got.error) return unread(got?.error, () => read({ fresh, nothing, anew }));
  const news = got.turns ?? [];
  if (got.older && turns.size && !turns.has(news[0].id)) clear();  // More was said than a page holds.
  if (!turns.size) older = got.older ?? null;
  for (const turn of news) put(turn);
  tellTrash(got.trashed);
  if (got.private) ic.private.add(chat);
  tellPrivate(got.private);
  if (fresh && news.length) ic.settleChat(chat);
  hello.hidden = turns.size > 0;
  ic.live.from(got.version, { anew });
  follow();
  filled();
}
async function answer(verb) {
  try { return await verb(); } catch { return null; }
}
/** The chat could not be read: why, and a way on. What a lost connection kept away is read by itself once it is back. */
function unread(error, again) {
  status.hidden = false;
  status.replaceChildren(error?.text ?? say("page.offline"), " ", el("button", { type: "button", class: "plain", text: say("chat.try_again"), onclick: again }));
  const token = loading;
  if (!error) setTimeout(() => token === loading && again(), 3000);
}
/** A chat in the trash can still be read, and says where it lies and how it comes back. */
function tellTrash(trashed) {
  if (!trashed === !trash.childElementCount) return;
  ic.sending.warn();
  trash.replaceChildren(...(trashed ? [el("span", { text: say("threads.in_trash") }), el("button", { type: "button", class: "button", text: say("chat.restore"), onclick: restore })] : []));
}
/** A private chat says what that means, and can be deleted at once. */
function tellPrivate(here) {
  if (!here === !secret.childElementCount) return;
  hello.classList.toggle("kept-nowhere", Boolean(here));
  secret.replaceChildren(...(here ? [el("strong", { text: say("chat.private") }), el("span", { text: say("chat.private_what") }),
    el("button", { type: "button", class: "button", text: say("chat.private_end"), onclick: (event) => ic.once(event.currentTarget, () => ic.private.end(chat)) })] : []));
}
async function restore(event) {
  const { server } = await ic.part("threads");
  await ic.once(event.currentTarget, () => ic.call(server.restore_thread, chat));
}
/** A tall window takes more than one page. */
async function filled() {
  while (older && !fetching && scroller.clientHeight && scroller.scrollHeight < scroller.clientHeight + 400) if (!(await earlier())) return;
}
async function earlier() {
  fetching = true;
  const token = loading, cursor = older;
  status.hidden = false;
  status.textContent = say("chat.older");
  const got = await ic.call(server.fetch_turns, chat, cursor);
  status.hidden = true;
  fetching = false;
  if (!got || token !== loading) return false;
  const height = scroller.scrollHeight;
  const first = list.firstChild;
  for (const turn of got.turns) put(turn, first);
  older = got.older;
  scroller.scrollTop += scroller.scrollHeight - height;
  return true;
}
async function reveal(message) {
  while (!turns.has(message) && older) if (!(await earlier())) return;
  const card = turns.get(message)?.node;
  if (!card) return;
  sticking = false;
  card.scrollIntoView({ block: "center" });
  card.classList.add("lit");
  setTimeout(() => card.classList.remove("lit"), 2000);
}

// --- turns ---
function put(turn, before = null) {
  if (turns.has(turn.id)) return refresh(turns.get(turn.id), turn);
  const card = turn.role === "user" ? said(turn) : reply(turn);
  turns.set(turn.id, card);
  const earlier = before ? null : [...list.children].reverse().find((node) => node.dataset.id < turn.id);
  list.insertBefore(card.node, before ?? (earlier ? earlier.nextSibling : list.firstChild));
  hello.hidden = true;
  return card;
}
function said(turn) {
  ic.sending.heard(turn.nonce);
  const bubble = el("div", { class: "bubble", dir: "auto", text: turn.text });
  const node = el("li", { class: "turn user", "data-id": turn.id }, el("span", { class: "unseen", text: say("chat.said", { name: say("chat.you") }) }));
  if (turn.inputs.length) node.append(el("div", { class: "inputs" }, ...turn.inputs.map((url) =>
    el("a", { href: url, target: "_blank", rel: "noopener" }, el("img", { src: `${url}/thumb`, alt: say("composer.add_picture"), loading: "lazy", width: 96, height: 96 })))));
  if (turn.text.trim()) node.append(bubble);
  return { turn, node };
}
function reply(turn) {
  const node = el("li", { class: `turn reply ${turn.kind}`, "data-id": turn.id }, el("span", { class: "unseen", text: say("chat.said", { name: turn.model ?? "" }) }));
  const card = { turn, node, places: [], live: null, job: turn.job };
  if (turn.origin && turn.prompt) node.append(el("p", { class: "origin", dir: "auto", text: say(`chat.${turn.origin}_of`, { prompt: turn.prompt }) }));
  card.grid = el("div", { class: "pictures" });
  card.prose = el("div", { class: "prose", dir: "auto" });
  card.foot = el("div", { class: "foot" });
  if (turn.kind === "image") node.append(card.grid);
  node.append(card.prose, card.foot);
  for (const picture of Object.values(turn.pictures)) pictures.set(picture.id, picture);
  if (turn.html) settle(card, turn.html);
  draw(card, turn.job);
  return card;
}
function refresh(card, turn) {
  ic.sending.heard(turn.nonce);
  if (turn.role === "user") return card;
  for (const picture of Object.values(turn.pictures)) pictures.set(picture.id, picture);
  card.turn = { ...card.turn, ...turn, html: turn.html ?? card.turn.html, pictures: { ...card.turn.pictures, ...turn.pictures } };
  if (turn.html) settle(card, turn.html);
  draw(card, turn.job);
  return card;
}
function settle(card, html) {
  const whole = el("template", { html });
  card.prose.replaceChildren(...[...whole.content.children].map((each) => el("div", { class: "block" }, each)));
}

/** Words that came: blocks that closed are added once, the open end is drawn anew. False when some are missing in between. */
function write(card, words) {
  const blocks = card.prose.querySelectorAll(":scope > .block:not(.tail)");
  if (words.from > blocks.length) return false;
  for (const extra of [...blocks].slice(words.from)) extra.remove();
  card.prose.querySelector(":scope > .tail")?.remove();
  if (words.closed.length) card.prose.append(...words.closed.map((html) => el("div", { class: "block", html })));
  if (words.tail) card.prose.append(el("div", { class: "block tail", html: words.tail }));
  return true;
}

// --- a job's state on its card ---
function draw(card, job) {
  if (!job) return;
  job.seen = performance.now();
  card.job = job;
  card.node.classList.toggle("running", !job.final);
  if (card.turn.kind === "image") job.places.forEach((place, index) => ic.places.draw(card, job, place, index, talk));
  card.grid.classList.toggle("many", job.places.length > 1);
  foot(card, job);
}
function foot(card, job) {
  if (!job.final) {
    if (!card.live) {
      card.live = live(card);
      card.foot.replaceChildren(card.live.node);
    }
    return card.live.tell(job);
  }
  const focused = card.foot.contains(document.activeElement);
  card.live = null;
  card.foot.replaceChildren(...ic.ended(card, job, talk));
  if (focused) (card.foot.querySelector("button") ?? scroller).focus({ preventScroll: true });
  return undefined;
}
async function once(event, deed) {
  if (await ic.once(event.currentTarget, deed)) stick();
}

/** The row of a running job. */
const live = (card) => ic.running(card, (id) => ic.call(server.ask_stop, id));
setInterval(() => { for (const card of turns.values()) if (card.live) card.live.tell(); }, 1000);

// --- news ---
ic.live.hear(async (news) => {
  if (news.reset) return read({ fresh: true, nothing: !turns.size && !new URLSearchParams(location.search).get("chat"), anew: true });
  for (const picture of news.pictures) if (picture.thread === chat || pictures.has(picture.id)) pictures.set(picture.id, picture);
  for (const thread of news.threads) if (thread.id === chat) tellTrash(thread.trashed);
  for (const turn of news.turns) if (turn.thread === chat) put(turn);
  for (const job of news.jobs) if (job.thread === chat) hear(job);
  for (const picture of news.pictures) {
    const card = turns.get(picture.message);
    if (card?.job) draw(card, card.job);
  }
  if (news.turns.some((turn) => turn.thread === chat)) ic.settleChat(chat);
  follow();
  return undefined;
});
function hear(job) {
  const card = turns.get(job.message);
  if (!card) return;
  const before = card.job;
  if (job.words && !write(card, job.words)) return void read();
  draw(card, job);
  if (job.final && before && !before.final) say_(job);
}
function say_(job) {
  const made = job.places.filter((place) => place.status === "done").length;
  if (job.status !== "done") return ic.announce(job.error?.text ?? say(`errors.job.${job.status}`));
  return ic.announce(job.kind === "chat" ? say("chat.reply_ready") : made > 1 ? say("chat.pictures_ready", { count: made }) : say("chat.picture_ready"));
}

// --- an empty chat ---
function welcome() {
  const here = `${ic.given.pictures ? "" : "_words"}${ic.given.alone ? "" : "_shared"}`;
  const keys = el("p", { class: "keys", text: say(`chat.keys${here}`) });
  if (!ic.given.pictures) return hello.replaceChildren(el("h2", { text: say("chat.hello_words") }), el("p", { text: say("chat.hello_words_text") }), keys);
  const grid = el("div", { class: "examples", role: "group", "aria-label": say("chat.examples") });
  for (const each of ic.given.examples) {
    grid.append(el("button", { type: "button", class: "example", onclick: (event) => once(event, (nonce) => example(each.id, nonce)) },
      el("img", { src: each.file, alt: "", width: 480, height: 320 }), el("span", { dir: "auto", text: each.prompt })));
  }
  return hello.replaceChildren(el("h2", { text: say("chat.hello") }), el("p", { text: say(`chat.hello_text${here}`) }), grid, keys);
}
/** A worded prompt is painted with the settings that stand in the composer, be they used yet or not. */
async function words(prompt, nonce) {
  const got = await ic.call(server.ask_words, chat, prompt, nonce, await ic.composer.settings(ic.conversation.settings));
  if (got) ic.settleChat(got.thread);
  return got;
}
/** An example is painted with its own settings, and the composer is set to them. */
async function example(id, nonce) {
  const got = await ic.call(server.ask_example, chat, id, nonce);
  if (!got) return null;
  ic.settleChat(got.thread);
  settings();
  return got;
}
welcome();

// --- buttons inside a reply's words ---
list.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-act]");
  if (button?.dataset.act === "copy-code") {
    await ic.copy(button.closest(".code").querySelector("pre").textContent);
    ic.toast(say("chat.copied"));
  }
  if (button?.dataset.act === "draw-prompt") {
    const prompt = button.closest(".prompt-card").querySelector("p").innerText;
    once({ currentTarget: button }, (nonce) => words(prompt, nonce));
  }
});

ic.join("conversation", {
  server, show, stick, reveal,
  follow: settings,
  fill: () => trigger("fill", {}),
  look: () => trigger("look", {}),
  /** Something was kept that this page may not have heard of. */
  catchUp: () => read(),
  /** A turn of this chat was kept. Where it is not told of soon, that was before this page began to hear. */
  expect(id) { if (id === chat && !turns.size) setTimeout(() => id === chat && !turns.size && status.hidden && read(), 1000); },
  settings: () => trigger("settings", {}),
  /** The id of the newest picture of this chat. */
  newest: () => ic.places.all(talk).at(-1)?.id,
  edit(picture) { ic.composer.regenerate(picture, () => trigger("editing", {}), true); return true; },
  regenerate(picture) { ic.composer.regenerate(picture, () => trigger("regenerate", {})); return true; },
});
