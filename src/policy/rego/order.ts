/**
 * Orders the statements of a block so that each finds the variables it reads bound by those before it.
 * Errors  `FormatError` for a variable that nothing binds ("unsafe").
 * Source  https://www.openpolicyagent.org/docs/policy-language#variables
 */
import { headOf, partsOf, termsOf } from './program-parts.js';
import type { Block, Expression, Step } from './program.js';
import { mistake } from './syntax.js';

type Slots = ReadonlySet<number>;
type Slot = Expression & { readonly kind: 'slot' };

/** What a statement reads that is not bound, and what it binds. */
interface Flow {
  readonly missing: Slot[];
  readonly binds: Set<number>;
}

/** Gives the slots that are bound after the block. */
export function orderBlock(block: Block, before: Slots): Slots {
  const bound = new Set(before);
  const waiting = [...block.steps];
  const ordered: Step[] = [];
  while (waiting.length > 0) {
    const ready = waiting.findIndex((step) => flowOf(step, bound).missing.length === 0);
    if (ready < 0) throw unsafe(flowOf(waiting[0]!, bound).missing[0]!);
    const [step] = waiting.splice(ready, 1);
    orderInner(step!, bound);
    for (const slot of flowOf(step!, bound).binds) bound.add(slot);
    ordered.push(step!);
  }
  block.steps = ordered;
  return bound;
}

/** Fails for a head that holds a variable the body does not bind. */
export function requireBound(head: readonly Expression[], bound: Slots): void {
  const flow: Flow = { missing: [], binds: new Set() };
  for (const term of head) read(term, bound, flow);
  const [missing] = flow.missing;
  if (missing) throw unsafe(missing);
  for (const term of head) orderTerm(term, bound);
}

const unsafe = (slot: Slot): Error => mistake(slot, `${slot.name} is unsafe: nothing gives it a value`);

function flowOf(step: Step, bound: Slots): Flow {
  const flow: Flow = { missing: [], binds: new Set() };
  switch (step.kind) {
    case 'test':
      read(step.term, bound, flow);
      return flow;
    case 'print':
      for (const arg of step.args) read(arg, bound, flow);
      return flow;
    case 'not': {
      const inner = flowOf(step.step, bound);
      // What is bound within a negation is so for nobody else.
      flow.missing.push(...inner.missing, ...slotsOf(step.step).filter(({ slot }) => inner.binds.has(slot)));
      return flow;
    }
    case 'unify': {
      if (step.closed) return closedFlow(step.left, step.right, bound);
      const [a, b] = [unifyFlow(step.left, step.right, bound), unifyFlow(step.right, step.left, bound)];
      return a.missing.length <= b.missing.length ? a : b;
    }
    case 'iterate':
      read(step.domain, bound, flow);
      for (const part of [step.key, step.value]) if (part) match(part, bound, flow);
      return flow;
    case 'every': {
      read(step.domain, bound, flow);
      const inside: Slots = new Set([...bound, ...step.own]);
      flow.missing.push(...outerSlots(step.body, [], inside));
      return flow;
    }
  }
}

function unifyFlow(known: Expression, pattern: Expression, bound: Slots): Flow {
  const flow: Flow = { missing: [], binds: new Set() };
  read(known, bound, flow);
  match(pattern, bound, flow);
  return flow;
}

function closedFlow(left: Expression, right: Expression, bound: Slots): Flow {
  const flow: Flow = { missing: [], binds: new Set() };
  read(right, bound, flow);
  flow.missing.push(...slotsIn(right).filter(({ slot }) => flow.binds.has(slot)));
  match(left, bound, flow);
  return flow;
}

/** The term is evaluated: its variables must be bound, but those in brackets, over which it iterates. */
function read(term: Expression, bound: Slots, flow: Flow): void {
  const isBound = (slot: number): boolean => bound.has(slot) || flow.binds.has(slot);
  switch (term.kind) {
    case 'slot':
      if (!isBound(term.slot)) flow.missing.push(term);
      return;
    case 'ref':
      read(term.base, bound, flow);
      for (const key of term.path) match(key, bound, flow);
      return;
    case 'builtin':
    case 'function':
      for (const arg of term.args) read(arg, bound, flow);
      return;
    case 'array':
    case 'set':
      for (const item of term.items) read(item, bound, flow);
      return;
    case 'object':
      for (const part of term.entries.flat()) read(part, bound, flow);
      return;
    case 'collect':
      flow.missing.push(...outerSlots(term.body, headOf(term), new Set([...bound, ...flow.binds])));
      return;
    default:
      return;
  }
}

/** The term is a pattern for a value: variables that are not bound get one. */
function match(term: Expression, bound: Slots, flow: Flow): void {
  if (term.kind === 'slot') {
    if (!bound.has(term.slot)) flow.binds.add(term.slot);
  } else if (term.kind === 'array') for (const item of term.items) match(item, bound, flow);
  else if (term.kind === 'object')
    for (const [key, value] of term.entries) {
      read(key, bound, flow);
      match(value, bound, flow);
    }
  else read(term, bound, flow);
}

/** Variables of blocks around this one that are not bound. */
function outerSlots(block: Block, head: readonly Expression[], bound: Slots): readonly Slot[] {
  return [...block.steps.flatMap(slotsOf), ...head.flatMap(slotsIn)].filter(
    ({ slot }) => !bound.has(slot) && !block.own.has(slot),
  );
}

function slotsOf(step: Step): readonly Slot[] {
  if (step.kind === 'not') return slotsOf(step.step);
  const terms = termsOf(step).flatMap(slotsIn);
  if (step.kind !== 'every') return terms;
  const inside = step.body.steps.flatMap(slotsOf).filter(({ slot }) => !step.body.own.has(slot));
  return [...terms, ...inside].filter(({ slot }) => !step.own.has(slot));
}

function slotsIn(term: Expression): readonly Slot[] {
  if (term.kind === 'slot') return [term];
  if (term.kind !== 'collect') return partsOf(term).flatMap(slotsIn);
  return [...term.body.steps.flatMap(slotsOf), ...headOf(term).flatMap(slotsIn)].filter(
    ({ slot }) => !term.body.own.has(slot),
  );
}

/** Blocks within a statement find bound what is bound now. */
function orderInner(step: Step, bound: Slots): void {
  if (step.kind === 'not') return orderInner(step.step, bound);
  const after = new Set([...bound, ...flowOf(step, bound).binds]);
  for (const term of termsOf(step)) orderTerm(term, after);
  if (step.kind === 'every') orderBlock(step.body, new Set([...bound, ...step.own]));
}

function orderTerm(term: Expression, bound: Slots): void {
  if (term.kind !== 'collect') return partsOf(term).forEach((part) => orderTerm(part, bound));
  const inside = orderBlock(term.body, bound);
  requireBound(headOf(term), inside);
}
