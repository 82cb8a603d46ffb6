// Private chats: which of them this tab has. They are told of to the server now and then, and go with the tab; nothing of them lies in the browser
// but their ids, for as long as the tab is open.
(() => {
  const ic = window.imagechat;
  const EVERY = 60000, NAME = ic.own("private");
  const read = () => { try { return JSON.parse(ic.recall("sessionStorage", NAME) ?? "[]"); } catch { return []; } };
  let mine = new Set(read());

  const keep = () => {
    ic.remember("sessionStorage", NAME, mine.size ? JSON.stringify([...mine]) : null);
    document.dispatchEvent(new CustomEvent("imagechat:private"));
  };
  const post = async (deed, body) => {
    const answer = await fetch(`private/${deed}`, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
    return answer.json();
  };
  /** Say that this tab still has them; what went meanwhile is told. */
  async function speak() {
    if (!mine.size) return;
    const asked = [...mine], got = await post("keep", asked).catch(() => null);  // Of one that was begun meanwhile the answer says nothing.
    for (const id of got?.threads ? asked.filter((each) => !got.threads.includes(each)) : []) ic.private.gone(id);
  }

  ic.private = {
    has: (id) => mine.has(id),
    /** All of this tab's, in the order in which they were begun. */
    all: () => [...mine],
    /** This tab has a private chat. */
    add(id) {
      if (mine.has(id)) return;
      mine.add(id);
      keep();
    },
    /** Open a new one. */
    async begin() {
      const got = await ic.call(() => post("begin", ic.newId()));
      if (!got) return false;
      ic.private.add(got.thread);
      await ic.openChat(got.thread);
      return true;
    },
    /** Delete one now. */
    async end(id) {
      if (!(await ic.call(() => post("end", { threads: [id], now: true })))) return;
      ic.private.gone(id, ic.say("chat.private_ended"));
    },
    /** It is not there any more. */
    gone(id, words = ic.say("chat.private_gone")) {
      if (!mine.delete(id)) return;
      keep();
      if (id !== ic.chat) return;
      history.replaceState({}, "", location.pathname);
      ic.openChat(null, { push: false });
      ic.toast(words);
    },
  };
  addEventListener("pagehide", () => mine.size && navigator.sendBeacon("private/end", JSON.stringify([...mine])));
  addEventListener("pageshow", (event) => event.persisted && speak());
  setInterval(speak, EVERY);
  speak();
})();
