// The list of chats: grouped by day, endless, searched on the server; names are changed in place, deleting can be undone.
const ic = window.imagechat;
const { el, say, icon } = ic;
const list = element.querySelector(".list"), find = element.querySelector(".find"), fresh = element.querySelector(".new"), secret = element.querySelector(".new.quiet");
const known = new Map(), running = new Set();
let older = null, searching = "", token = 0, fetching = false, typed = 0;

element.querySelector(".brand").textContent = say("page.title");
element.querySelector(".private").textContent = ic.given.alone ? say("threads.private") : say("threads.private_shared");
fresh.textContent = say("threads.new");
secret.textContent = say("threads.new_private");
secret.title = say("threads.new_private_what");
find.placeholder = say("threads.search");
find.setAttribute("aria-label", say("threads.search"));
list.setAttribute("aria-label", say("threads.chats"));

fresh.addEventListener("click", async () => {
  ic.tab(0);
  await ic.openChat(null);
  ic.composer.focus();
});
secret.addEventListener("click", (event) => ic.once(event.currentTarget, async () => {
  ic.tab(0);
  if (!(await ic.private.begin())) return null;
  ic.composer.focus();
  return true;
}));
find.addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(() => read(find.value), 150);
});
list.addEventListener("scroll", () => {
  if (older && !fetching && list.scrollHeight - list.scrollTop - list.clientHeight < 300) more();
}, { passive: true });

async function read(search = searching) {
  const mine = ++token;
  searching = search;
  older = null;  // What lies beyond the page is of other words.
  const got = await ic.call(server.fetch_threads, search, null);
  if (!got || mine !== token) return;
  known.clear();
  for (const thread of got.threads) known.set(thread.id, thread);
  older = got.older;
  running.clear();
  for (const id of got.running) running.add(id);
  for (const news of ic.live.after(got.version)) take(news);
  draw();
  filled();
}
/** A tall window takes more than one page. */
async function filled() {
  while (older && !fetching && list.clientHeight && list.scrollHeight < list.clientHeight + 300) if (!(await more())) return;
}
async function more() {
  fetching = true;
  const mine = token, got = await ic.call(server.fetch_threads, searching, older);
  fetching = false;
  if (!got || mine !== token) return false;
  for (const thread of got.threads) known.set(thread.id, thread);
  older = got.older;
  draw();
  return true;
}
new ResizeObserver(filled).observe(list);

function group(when) {
  const day = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
  const days = Math.round((day(new Date()) - day(when)) / 86400000);
  return days <= 0 ? "today" : days === 1 ? "yesterday" : days < 7 ? "week" : days < 30 ? "month" : "older";
}
function draw() {
  const shown = [...known.values()].filter((thread) => !thread.trashed).sort((a, b) => (a.updated < b.updated ? 1 : -1));
  const focus = document.activeElement?.closest?.("[data-thread]")?.dataset.thread;
  const top = list.scrollTop;
  if (list.querySelector("form")) return;
  const nodes = searching ? [] : secrets();
  let last = "";
  for (const thread of shown) {
    const when = group(new Date(thread.updated));
    if (when !== last && !searching) nodes.push(el("h2", { class: "when", text: say(`threads.${when}`) }));
    last = when;
    nodes.push(row(thread));
  }
  if (!shown.length) nodes.push(el("p", { class: "none", text: say(searching ? "threads.nothing" : "threads.empty") }));
  list.replaceChildren(...nodes);
  list.scrollTop = top;
  if (focus) list.querySelector(`[data-thread="${focus}"] .name`)?.focus({ preventScroll: true });
}
/** The private chats of this tab, as long as they live; of what is said in them nothing stands here. */
function secrets() {
  const all = ic.private.all(), open = (id) => { ic.tab(0); ic.openChat(id); };
  const line = (id, number) => {
    const name = el("button", { type: "button", class: "name", "aria-current": id === ic.chat ? "page" : null, onclick: () => open(id) },
      el("span", { text: all.length > 1 ? say("threads.private_chats", { number }) : say("threads.private_chat") }));
    if (running.has(id)) name.append(el("i", { class: "dot", role: "img", "aria-label": say("threads.running") }));
    return el("div", { class: `thread${id === ic.chat ? " on" : ""}`, "data-thread": id }, name);
  };
  if (!all.length) return [];
  return [el("h2", { class: "when", text: say("threads.private_living") }), ...all.map((id, index) => line(id, index + 1))];
}
function row(thread) {
  const title = thread.title || say("threads.untitled"), here = thread.id === ic.chat;
  const name = el("button", { type: "button", class: "name", dir: "auto", "aria-current": here ? "page" : null, title, onclick: () => { ic.tab(0); ic.openChat(thread.id); } },
    el("span", { text: title }));
  if (running.has(thread.id)) name.append(el("i", { class: "dot", role: "img", "aria-label": say("threads.running") }));
  const deed = (kind, words, act) => el("button", { type: "button", class: `icon small ${kind}`, "aria-label": words, title: say(`threads.${kind}`), onclick: act }, icon(kind));
  return el("div", { class: `thread${here ? " on" : ""}`, "data-thread": thread.id }, name,
    deed("rename", say("threads.rename_chat", { title }), () => rename(thread)),
    deed("delete", say("threads.delete_chat", { title }), (event) => ic.once(event.currentTarget, () => remove(thread))));
}
function rename(thread) {
  const line = list.querySelector(`[data-thread="${thread.id}"]`);
  const input = el("input", { type: "text", value: thread.title, maxlength: 200, dir: "auto", "aria-label": say("threads.title") });
  let over = false;
  const end = async (keep) => {
    if (over) return;
    over = true;
    const title = input.value.trim();
    const got = keep && title && title !== thread.title ? await ic.call(server.give_title, thread.id, title) : null;
    if (got) known.set(got.id, got);
    form.remove();
    draw();
    list.querySelector(`[data-thread="${thread.id}"] .name`)?.focus();
  };
  const form = el("form", { class: "thread", "data-thread": thread.id, onsubmit: (event) => { event.preventDefault(); end(true); } }, input);
  input.addEventListener("keydown", (event) => event.key === "Escape" && (event.stopPropagation(), end(false)));
  input.addEventListener("blur", () => end(true));
  line.replaceWith(form);
  input.focus();
  input.select();
}
async function remove(thread) {
  const got = await ic.call(server.trash_thread, thread.id);
  if (!got) return;
  known.set(got.id, got);
  draw();
  if (thread.id === ic.chat) ic.openChat(null);
  ic.toast(say("threads.deleted", { title: thread.title || say("threads.untitled") }), { action: say("threads.undo"), act: async () => {
    const back = await ic.call(server.restore_thread, thread.id);
    if (back) { known.set(back.id, back); draw(); ic.openChat(back.id); }
  } });
}

ic.live.hear((news) => {
  if (news.reset) return read();
  if (take(news)) draw();
  return undefined;
});
/** Whether something changed that is listed here. */
function take(news) {
  let changed = false;
  for (const thread of news.threads) {
    if (searching && !known.has(thread.id)) continue;
    known.set(thread.id, thread);
    changed = true;
  }
  for (const job of news.jobs) {
    const had = running.has(job.thread);
    if (job.final) running.delete(job.thread); else running.add(job.thread);
    changed ||= had !== running.has(job.thread);
  }
  return changed;
}
for (const event of ["chat", "private"]) document.addEventListener(`imagechat:${event}`, draw);
read();
ic.join("threads", { server, read });
