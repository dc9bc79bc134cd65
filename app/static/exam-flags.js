// Marks that a candidate sets to come back to a question: they live in this tab only.
export class Flags {
  constructor(attempt) {
    this.key = `bikao-flags-${attempt}`;
    try { this.set = new Set(JSON.parse(sessionStorage.getItem(this.key) || "[]")); } catch { this.set = new Set(); }
  }

  get size() { return this.set.size; }

  has(position) { return this.set.has(String(position)); }

  toggle(position) {
    const name = String(position);
    if (!this.set.delete(name)) this.set.add(name);
    try { sessionStorage.setItem(this.key, JSON.stringify([...this.set])); } catch { /* the marks last as long as the page */ }
  }
}
