// The settings: always possible. A change is refused before anything is computed, whoever asks for it; what was done
// can be undone, up to a budget of memory.

const BUDGET = 32 * 2 ** 20; // bytes of learners' own pictures that undo may keep
const MOST_STEPS = 500; // of undo: a program may make thousands

export class Store {
  past = [];
  future = [];
  run = null;

  // change(settings, changes) gives the next settings or throws a Refusal. weigh(settings): [key, bytes] of what else
  // these settings hold on to. changed(): called after each change.
  constructor(settings, { change, weigh, changed, refuse }) {
    this.settings = settings;
    this.start = settings;
    this.change = change;
    this.weigh = weigh;
    this.changed = changed;
    this.refuse = refuse;
  }

  // Settings from elsewhere to begin with, as Python or a link has them; in place of impossible ones those before stay.
  begin(settings) {
    try {
      this.settings = this.change(settings, {});
    } catch (refusal) {
      this.refuse(refusal.message);
    }
    return this.settings;
  }

  // Why these changes cannot be, or "".
  could(changes) {
    try {
      this.change(this.settings, changes);
      return "";
    } catch (refusal) {
      return refusal.message;
    }
  }

  // run: the name of a drag or a slider; its steps, one after another, are one step of undo.
  ask(changes, run = null) {
    let next;
    try {
      next = this.change(this.settings, changes);
    } catch (refusal) {
      this.refuse(refusal.message);
      return;
    }
    if (same(next, this.settings)) return;
    if (run === null || run !== this.run) this.past.push(this.settings);
    this.run = run;
    this.#adopt(next, []);
  }

  // The hand rests: what the slider does next is another step of undo.
  rest() {
    this.run = null;
  }

  // Settings that Python has, but for changes of the hand that it has yet to answer, where both can be.
  follow(settings, mine = {}) {
    let next = settings;
    try {
      next = this.change(settings, mine);
    } catch {
      // then Python's are what is
    }
    if (same(next, this.settings)) return;
    this.past.push(this.settings);
    this.rest();
    this.#adopt(next, [], { told: true });
  }

  undo() {
    if (this.can_undo) this.#travel(this.past, this.future);
  }

  redo() {
    if (this.can_redo) this.#travel(this.future, this.past);
  }

  reset() {
    if (!this.can_reset) return;
    this.past.push(this.settings);
    this.rest();
    this.#adopt(this.start, []);
  }

  // Whether some settings that are on show, or that undo, redo or reset lead to, are such.
  reaches(are_such) {
    return [this.settings, this.start, ...this.past, ...this.future].some(are_such);
  }

  get can_undo() {
    return this.past.length > 0;
  }

  get can_redo() {
    return this.future.length > 0;
  }

  get can_reset() {
    return !same(this.settings, this.start);
  }

  #travel(from, to) {
    to.push(this.settings);
    this.rest();
    this.#adopt(from.pop(), this.future);
  }

  #adopt(settings, future, how = {}) {
    this.settings = settings;
    this.future = future;
    this.#forget();
    this.changed(how);
  }

  #forget() {
    this.past.splice(0, this.past.length - MOST_STEPS);
    const kept = new Map([this.settings, this.start].map(this.weigh));
    let total = [...kept.values()].reduce((sum, bytes) => sum + bytes, 0);
    for (let i = this.past.length - 1; i >= 0; i--) {
      const [key, bytes] = this.weigh(this.past[i]);
      if (!kept.has(key)) total += bytes;
      kept.set(key, bytes);
      if (total > BUDGET) {
        this.past.splice(0, i + 1);
        return;
      }
    }
  }
}

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
