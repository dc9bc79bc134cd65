// Answers on their way to the server: kept in this browser until acknowledged, sent again until they are.
// What is kept (sequence, question, answer; no name, no text of a question) outlives the window and goes with the receipt.

const FLUSH_AFTER = 600; // ms; several ticks of one question travel together
const FLUSH_BY = 2000; // ms; however fast somebody goes on ticking
const FLUSH_LATE = 0; // in the last five minutes nothing waits
const MOST_ENTRIES = 100; // of one request, as the server takes them
const MOST_CHARACTERS = 10000; // of one request; typed answers are long, and a browser sends little on the way out
const RETRY = [1000, 2000, 4000, 8000, 15000];

const keyOf = (attempt) => `bikao-exam-${attempt}`;

export function stored(attempt) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(attempt)) || "[]");
  } catch {
    return [];
  }
}

export function forget(attempt) {
  try { localStorage.removeItem(keyOf(attempt)); } catch { /* storage may be switched off */ }
}

export class AnswerQueue {
  // tell(state, message): "saved", "waiting", "offline" or "stopped". heard(reply): held, sequence, remaining_seconds.
  constructor({ attempt, address, token, tell, heard }) {
    Object.assign(this, { attempt, address, token, tell, heard });
    this.entries = [];
    this.sequence = 0;
    this.failures = 0;
    this.stopped = false;
    this.isLate = false;
  }

  // What was not known to have arrived when the page was left: sent now, unless the server went on without it.
  resume(sequence, answers) {
    const kept = stored(this.attempt);
    const last = kept.filter((one, place) => !kept.slice(place + 1).some((later) => later.slot === one.slot));
    const lost = last.filter((one) => one.sequence <= sequence && JSON.stringify(one.response) !== JSON.stringify(answers[one.slot] || []));
    this.sequence = sequence;
    this.entries = kept.filter((one) => one.sequence > sequence);
    if (this.entries.length) this.sequence = this.entries.at(-1).sequence;
    this.keep();
    if (this.entries.length) {
      this.tell("waiting");
      this.flush();
    }
    return lost.length;
  }

  put(slot, response) {
    if (this.stopped) return;
    this.sequence += 1;
    this.entries.push({ sequence: this.sequence, slot, response });
    this.keep();
    this.tell("waiting");
    this.oldest ??= performance.now();
    const atMost = Math.max(0, this.oldest + FLUSH_BY - performance.now());
    this.wait(this.isLate ? FLUSH_LATE : Math.min(FLUSH_AFTER, atMost));
  }

  // How many questions are on their way.
  get pending() {
    return new Set(this.entries.map((one) => one.slot)).size;
  }

  keep() {
    try { localStorage.setItem(keyOf(this.attempt), JSON.stringify(this.entries)); } catch { /* memory still has them */ }
  }

  wait(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), milliseconds);
  }

  // Send all that waits; resolves when nothing waits any more or the sending failed.
  async flush() {
    if (this.sending) return this.sending;
    if (!this.entries.length || this.stopped) return undefined;
    clearTimeout(this.timer);
    this.oldest = undefined;
    this.sending = this.send(this.batch()).finally(() => { this.sending = undefined; });
    await this.sending;
    return this.entries.length && !this.failures && !this.stopped ? this.flush() : undefined;
  }

  // What travels together: the first that waits, and after it as many as one request holds.
  batch() {
    let size = 0;
    const end = this.entries.slice(0, MOST_ENTRIES).findIndex((one, place) => {
      size += JSON.stringify(one).length;
      return place > 0 && size > MOST_CHARACTERS;
    });
    return this.entries.slice(0, end < 0 ? MOST_ENTRIES : end);
  }

  // The page is being left: send all that waits without hearing the reply. What the server holds already it knows
  // again, so that a request still under way does no harm; what does not arrive is sent when the page is opened again.
  part() {
    if (this.entries.length && !this.stopped) this.post(this.batch()).catch(() => {});
  }

  post(batch, signal) {
    return fetch(this.address, {
      method: "POST", credentials: "same-origin", keepalive: true, signal,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify({ answers: batch }),
    });
  }

  async send(batch) {
    let response;
    try {
      response = await this.post(batch, AbortSignal.timeout(15000));
    } catch {
      return this.again();
    }
    if (response.status >= 500 || response.status === 429) return this.again();
    const reply = await response.json().catch(() => ({}));
    if (!response.ok) return this.stop(response.status, reply);
    this.failures = 0;
    this.entries = this.entries.filter((one) => one.sequence > batch.at(-1).sequence);
    this.keep();
    this.heard(reply);
    return this.tell(this.entries.length ? "waiting" : "saved");
  }

  again() {
    const pause = RETRY[Math.min(this.failures, RETRY.length - 1)];
    this.failures += 1;
    this.tell("offline");
    this.wait(this.isLate ? Math.min(pause, 2000) : pause);
  }

  // Refused for good: another tab went on (409), the time is up (410), signed out (401).
  stop(status, reply) {
    this.stopped = true;
    if (status === 409 || status === 410) {
      this.entries = [];
      forget(this.attempt);
    }
    this.tell("stopped", reply.message, status);
  }
}
