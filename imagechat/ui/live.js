// One event stream while the tab is looked at; a hidden tab asks now and then, and marks its title when something is finished.
(() => {
  const ic = window.imagechat;
  const SLOW = 5000, listeners = new Set(), recent = [];
  let source = null, version = 0, shown = 0, start = Infinity, poll = 0, finished = 0, away = null, retry = 0, opened = false;

  function take(news) {
    version = news.version;
    recent.push(news);
    recent.splice(0, recent.length - 100);
    for (const listener of listeners) listener(news);
    if (document.hidden) count(news);
  }
  function count(news) {
    const ended = (news.jobs ?? []).filter((job) => job.final && job.status !== "cancelled").length;
    if (!ended) return;
    finished += ended;
    document.title = `(${finished}) ${ic.say("page.finished")} · ${ic.say("page.title")}`;
  }
  function listen() {
    source?.close();
    source = new EventSource(`live?since=${version}`);
    source.onmessage = (event) => take(JSON.parse(event.data));
    source.onopen = () => { retry = 0; opened = true; found(); };
    source.onerror = () => { lose(); if (source?.readyState === EventSource.CLOSED) refused(); };
  }
  async function refused() {
    if (!await out()) again();
  }
  /** Whether the server knows this browser no longer: it was logged out, here or elsewhere. Then the page says so, with a way back in. */
  async function out() {
    const answer = await fetch(`live/now?since=${version}`).catch(() => null);
    if (answer?.status !== 401) return false;
    clearTimeout(away);
    clearInterval(poll);
    away = -1;
    ic.live.lost = ic.live.barred = true;
    if (ic.given.login && !opened) return location.replace(`login${location.search}`), true;  // A page of before, by the Back button.
    ic.live.gone?.();
    const { login } = ic.given, words = login ? ic.say("errors.not_known.signed_out") : await answer.text();
    ic.live.gone = ic.toast(words, {
      kind: "problem", stay: true, action: ic.say(login ? "mine.log_in" : "page.reload"), act: () => location.assign(login ? `login${location.search}` : location.href),
    });
    return true;
  }
  /** Something was pressed on a page whose visitor is not known any more: the way back in, or the page anew where somebody came in meanwhile. */
  async function knock() {
    if (await out()) return;
    const answer = await fetch(`live/now?since=${version}`).catch(() => null);
    if (answer?.ok) location.reload();
    else ic.toast(ic.say("page.offline"), { kind: "problem" });
  }
  function again() {
    retry = Math.min(retry + 1, 6);
    setTimeout(() => !document.hidden && listen(), 500 * 2 ** retry);
  }
  function lose() {
    ic.live.lost = true;
    away ??= setTimeout(() => (ic.live.gone = ic.toast(ic.say("page.offline"), { kind: "problem", stay: true })), 2500);
  }
  function found() {
    clearTimeout(away);
    away = null;
    if (ic.live.gone) { ic.live.gone(); ic.toast(ic.say("page.online")); ic.live.gone = null; }
    ic.live.lost = false;
  }
  async function ask() {
    try {
      const answer = await fetch(`live/now?since=${version}`);
      if (answer.ok) take(await answer.json());
      else if (answer.status === 401) await out();
    } catch { /* the next time will tell */ }
  }
  function look() {
    clearInterval(poll);
    if (document.hidden) {
      source?.close();
      source = null;
      shown = version;
      poll = setInterval(ask, SLOW);
    } else {
      [version, shown] = [shown || version, 0];  // Polls bring no words of what is under way: the stream tells from where it ended.
      finished = 0;
      document.title = ic.say("page.title");
      if (version) listen();
    }
  }
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && (ic.live.barred ? location.reload() : look()));

  ic.live = {
    lost: false,
    barred: false,  // This page's visitor is not known any more.
    gone: null,
    out,
    knock,
    hear(listener) { listeners.add(listener); },
    /** What was heard that is newer than a list read at `version`, which may arrive behind it; from now on all that is newer is heard. */
    after(read) {
      if (read < start) ic.live.from(read);
      return recent.filter((news) => news.version > read && !news.reset);
    },
    /** Begin, or begin anew, at a version that was read before what is shown; never later than what was heard. */
    from(since, { anew = false } = {}) {
      shown = 0;
      start = anew ? since : Math.min(start, since);
      version = anew || !version ? since : Math.min(version, since);
      if (document.hidden) look(); else listen();
    },
  };
})();
