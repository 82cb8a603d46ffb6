// Gradio's own calls, watched: uploads have words and can be stopped, and a call that fails is told of instead of ending the page.
(() => {
  const ic = window.imagechat;
  const { say } = ic;
  const uploads = new Map(), fetched = window.fetch;
  const answer = (what) => new Response(JSON.stringify(what), { headers: { "Content-Type": "application/json" } });

  ic.calls = {
    /** Set by who wants to hear: uploads came or went; the call with this body was lost. */
    changed() {}, lost() {},
    uploads: () => [...uploads].map(([stopper, names]) => ({ names, stop: () => stopper.abort() })),
  };
  window.fetch = (what, given = {}) => {
    const address = typeof what === "string" ? what : (what?.url ?? String(what));
    if (/\/upload\?upload_id=/.test(address)) return upload(what, given);
    return /\/run\/predict/.test(address) ? call(what, given) : fetched.call(window, what, given);
  };
  /** Gradio takes a call that fails for the end of the connection, ignores every further event and loads the page anew when the server
      answers again: typed words, chosen settings and the reading position would be gone. So it gets an answer that changes nothing. */
  async function call(what, given) {
    try {
      const got = await fetched.call(window, what, given);
      if (got.ok) return got;
    } catch (fault) { console.warn(fault); }
    ic.calls.lost(given.body);
    const data = JSON.parse(given.body).data.length ? [{ lost: true }] : [];  // What has inputs is the composer's, and its receipt comes first.
    return answer({ data, is_generating: false, duration: 0, average_duration: 0 });
  }
  async function upload(what, given) {
    const stopper = new AbortController();
    const chosen = [...(given.body?.getAll?.("files") ?? [])], large = chosen.find((file) => file.size > ic.given.upload.bytes);
    if (large) {
      ic.toast(say("composer.too_big", { name: large.name, most: ic.given.upload.megabytes }), { kind: "problem" });
      return answer([]);
    }
    uploads.set(stopper, chosen.map((file) => file.name).join(", "));
    ic.calls.changed();
    try {
      return await fetched.call(window, what, { ...given, signal: stopper.signal });
    } catch (fault) {
      if (!stopper.signal.aborted) throw fault;
      return answer([]);
    } finally {
      uploads.delete(stopper);
      ic.calls.changed();
    }
  }
})();
