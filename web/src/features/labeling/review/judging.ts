// The open review: which answer is shown, what was said of each, the fix that is drawn, and how it is handed in.

import { coversOf } from '../../../engine/check'
import { failureOf } from '../../../engine/failure'
import type { Parcel } from '../../../engine/ports'
import type { Annotation, Base, GoldUse, Id } from '../../../engine/types'
import type { Work } from '../../../engine/work'
import { drawnFields } from '../fields'
import type { Screen } from '../screen'
import { type AnnotationChange, changesOf } from './changes'
import { goldFrom } from './gold'
import { beside, CONSENSUS, type Difference, differencesOf, type Layer, layersOf, openOf, verdictsOf } from './layers'
import { m } from './messages'
import { forget, kept, keep, type Kept } from './keeping'
import type { ReviewApi } from './port'
import { asJson, type Defect, type FieldDifference, type Judged, type ReviewTask } from './shapes'

type Said = Pick<Judged, 'verdict' | 'defects' | 'note'>

export const GOLD_USES: readonly GoldUse[] = ['hidden', 'practice', 'test']

export class Judging {
  task: ReviewTask | null = null
  layers: readonly Layer[] = []
  /** The layer that is shown; null before an item is open. */
  shown: string | null = null
  /** Whether the other layers are drawn beside it. */
  isTogether = true
  differences: readonly Difference[] = []
  /** The difference that is looked at. */
  at = -1
  readonly verdicts = new Map<string, Said>()
  /** What was noted as wrong, by answer, before a verdict. */
  readonly noted = new Map<string, readonly Defect[]>()
  note = ''
  /** For what the item becomes gold by the decision; null: it does not. */
  goldUse: GoldUse | null = null
  /** Answers that the fix replaces. */
  readonly replaced = new Set<string>()
  /** What the open dialog does at its end. */
  asks: 'reject' | 'note' | null = null
  private work: Work | null = null
  private begunFrom: string | null = null

  constructor(
    readonly screen: Screen,
    private readonly api: ReviewApi,
    /** Whether this person's role lets them make gold. */
    readonly mayGold: boolean,
  ) {
    const { session } = screen
    session.subscribe(() => {
      if (session.work !== this.work) this.opened(session.work)
    })
  }

  get isFixing(): boolean {
    return this.work !== null && !this.work.isFinal
  }

  get isAdjudication(): boolean {
    return this.task?.do === 'adjudicate'
  }

  get layer(): Layer | null {
    return this.layers.find((one) => one.key === this.shown) ?? null
  }

  get open(): readonly Layer[] {
    return openOf(this.layers, new Map([...this.verdicts].map(([key, { verdict }]) => [key, verdict])))
  }

  /** What the fix changes in the answer that it was begun from. */
  get changes(): readonly AnnotationChange[] {
    const { work } = this
    if (work === null || !this.isFixing) return []
    return changesOf(this.layers.find((one) => one.key === this.begunFrom)?.annotations ?? [], work.store.list())
  }

  /** What was noted of the answer that is shown. */
  get defects(): readonly Defect[] {
    return this.noted.get(this.target?.key ?? '') ?? []
  }

  /** The answer that a verdict is about: the shown one, or the one that the fix was begun from. */
  get target(): Layer | null {
    const layer = this.layers.find((one) => one.key === (this.isFixing ? this.begunFrom : this.shown)) ?? null
    return layer?.answer ? layer : (this.layers[0] ?? null)
  }

  private opened(work: Work | null): void {
    this.work = work
    this.task = work === null ? null : this.api.reviewOf(work.task.item.id)
    this.layers = this.task === null ? [] : layersOf(this.task, m.consensus)
    this.differences = []
    this.at = -1
    this.asks = null
    this.goldUse = null
    const before = this.assignment === null ? null : kept(this.assignment)
    for (const map of [this.verdicts, this.noted]) map.clear()
    for (const [key, said] of before?.verdicts ?? []) this.verdicts.set(key, said)
    for (const [key, defects] of before?.noted ?? []) this.noted.set(key, defects)
    this.note = before?.note ?? ''
    this.begunFrom = before?.begunFrom ?? this.layers[0]?.key ?? null
    this.setReplaced(this.begunFrom)
    this.shown = null
    if (work === null) return
    // What is only looked at is not drawn on by mistake.
    this.screen.tools.take('select')
    if (!this.isFixing) this.show(this.isAdjudication && this.layers.some((one) => one.key === CONSENSUS) ? CONSENSUS : (this.open[0] ?? this.layers[0])?.key ?? null)
    void this.compare(work)
  }

  private get assignment(): Id | null {
    return this.work?.task.assignment?.id ?? null
  }

  private async compare(work: Work): Promise<void> {
    const [first, ...others] = this.layers.filter((one) => one.answer !== null)
    if (first === undefined || others.length === 0) return
    const found = new Map<string, readonly FieldDifference[]>()
    try {
      await Promise.all(others.map(async (other) => found.set(other.key, await this.api.differences(work.task.item.id, first.key, other.key))))
    } catch (error) {
      this.screen.say(m.noDifferences(failureOf(error).message))
      return
    }
    if (work !== this.work) return
    this.differences = differencesOf(this.layers, found)
    this.screen.changed()
  }

  /** Shows a layer, with the others beside it where they are drawn. */
  show(key: string | null): void {
    const { work } = this
    const layer = this.layers.find((one) => one.key === key)
    if (work === null || this.isFixing || layer === undefined) return
    this.shown = layer.key
    const others = this.isTogether ? this.layers.flatMap((one, n) => (one === layer || one.answer === null ? [] : this.drawn(one.annotations).map((a) => beside(a, n)))) : []
    this.replace([...others, ...layer.annotations], 'remote')
    this.screen.view.set({ selection: new Set(), locked: new Set(others.map((a) => a.id)) })
    this.screen.changed()
  }

  private drawn(annotations: readonly Annotation[]): readonly Annotation[] {
    const canvas = new Set(drawnFields(this.screen).filter((f) => this.screen.kinds.get(f.kind)?.surface === 'canvas').map((f) => f.key))
    return annotations.filter((a) => canvas.has(a.field))
  }

  private replace(annotations: readonly Annotation[], origin: 'mine' | 'remote'): void {
    const { work } = this
    if (work === null) return
    const ids = new Set(annotations.map((a) => a.id))
    const gone = work.store.list().filter((a) => !ids.has(a.id))
    work.store.apply([...gone.map((a) => work.store.drop(a.id)), ...annotations.map((a) => work.store.put(a))], origin)
  }

  step(by: 1 | -1): void {
    const at = this.layers.findIndex((one) => one.key === this.shown)
    this.show(this.layers[(at + by + this.layers.length) % this.layers.length]?.key ?? null)
  }

  toggleTogether(): void {
    this.isTogether = !this.isTogether
    this.show(this.shown)
  }

  /** Goes to another difference: the annotation is chosen in the layer that is shown, or in the first that has it. */
  goDifference(to: number): void {
    const count = this.differences.length
    const one = this.differences[(to + count) % count]
    if (one === undefined) return
    this.at = (to + count) % count
    if (!this.isFixing) {
      const has = (key: string | null): boolean => key !== null && typeof one.ids.get(key) === 'string'
      if (!has(this.shown)) this.show(this.layers.find((layer) => has(layer.key))?.key ?? this.shown)
    }
    const id = this.isFixing ? [...one.ids.values()].find((own) => own !== null && this.work?.store.get(own)) : one.ids.get(this.shown ?? '')
    const annotation = id ? this.work?.store.get(id) : null
    if (annotation) {
      this.screen.view.select(annotation.id)
      this.screen.reveal(annotation)
    } else this.screen.view.select()
    this.screen.changed()
  }

  /** The answer stands as it is. */
  accept(): void {
    this.say({ verdict: 'accepted', defects: this.defects, note: this.note })
  }

  reject(defects: readonly Defect[], note: string): void {
    this.say({ verdict: 'rejected', defects, note })
  }

  private say(said: Said): void {
    const { target } = this
    if (target === null || this.isFixing) return
    this.verdicts.set(target.key, said)
    this.note = ''
    this.keep()
    const [next] = this.open
    if (next === undefined) this.handIn({ fixes: false, decision: null })
    else this.show(next.key)
  }

  /** Takes a verdict back, as long as others are still to be given. */
  unsay(key: string): void {
    this.verdicts.delete(key)
    this.keep()
    this.show(key)
  }

  noteDefects(defects: readonly Defect[]): void {
    if (this.target !== null) this.noted.set(this.target.key, defects)
    this.keep()
    this.screen.changed()
  }

  setNote(note: string): void {
    this.note = note
    this.keep()
    this.screen.changed()
  }

  ask(what: 'reject' | 'note' | null): void {
    this.asks = what
    this.screen.open(what === null ? null : 'verdict')
  }

  /** The shown layer becomes editable as one's own answer. */
  fix(): void {
    const { work, layer } = this
    if (work === null || layer === null || this.isFixing) return
    const base: Base | null = layer.answer ? { response: layer.answer.response, revision: layer.answer.revision } : null
    this.replace([], 'remote')
    work.task = { ...work.task, response: { ...work.task.response, base }, final: false }
    this.begunFrom = layer.key
    this.setReplaced(layer.key)
    this.screen.view.set({ selection: new Set(), locked: new Set() })
    this.replace(layer.annotations.map((a) => ({ ...a, from: layer.answer ? { response: layer.answer.response, annotation: a.id } : null })), 'mine')
    work.history.forget()
    this.keep()
    this.screen.changed()
  }

  private setReplaced(key: string | null): void {
    this.replaced.clear()
    for (const one of this.open) this.replaced.add(one.key)
    if (this.layers.some((one) => one.key === key && one.answer !== null)) this.replaced.add(key ?? '')
  }

  /** The next of the uses, and after the last none. */
  nextGold(): void {
    this.setGold(GOLD_USES[this.goldUse === null ? 0 : GOLD_USES.indexOf(this.goldUse) + 1] ?? null)
  }

  setGold(use: GoldUse | null): void {
    this.goldUse = use
    this.screen.changed()
  }

  toggleReplaced(key: string): void {
    if (!this.replaced.delete(key)) this.replaced.add(key)
    this.screen.changed()
  }

  /** The fix is thrown away; the answer is looked at again. */
  async dropFix(): Promise<void> {
    const { work, begunFrom } = this
    if (work === null || !this.isFixing) return
    await work.sync?.flush()
    try {
      await this.api.dropDraft(work.task.item.id)
    } catch (error) {
      this.screen.say(m.notDropped(failureOf(error).message))
      return
    }
    work.store.apply(work.store.list().map((a) => work.store.drop(a.id)), 'remote')
    const task = { ...work.task, draft: null, before: [], final: true }
    work.sync?.restart(task, { goOn: true })
    work.history.forget()
    this.show(begunFrom ?? this.layers[0]?.key ?? null)
  }

  /** In a fix: what a layer says at the difference that is looked at takes the place of what stands there. */
  pick(layer: Layer): void {
    const { work } = this
    const one = this.differences[this.at]
    if (work === null || one === undefined || !this.isFixing) return
    const theirs = one.ids.get(layer.key) ?? null
    const taken = layer.annotations.find((a) => a.id === theirs)
    const stands = [...one.ids.values()].filter((id): id is Id => id !== null && work.store.get(id) !== null)
    const changes = stands.filter((id) => id !== taken?.id).map((id) => work.store.drop(id))
    const from = layer.answer && taken ? { response: layer.answer.response, annotation: taken.id } : null
    work.store.apply(taken ? [...changes, work.store.put({ ...taken, from })] : changes, 'mine')
    work.history.mark()
    if (taken) this.screen.view.select(taken.id)
    this.goDifference(this.at + 1)
  }

  /** Hands the fix in. What is missing is pointed to as in labeling. */
  handInFix(): void {
    const { screen, work } = this
    if (work === null || !this.isFixing) return
    const points = screen.session.points()
    if (points.length > 0) return screen.submit()
    if (!this.isAdjudication) for (const key of this.replaced) this.verdicts.set(key, { verdict: 'fixed', defects: this.noted.get(key) ?? [], note: key === this.target?.key ? this.note : '' })
    const [next] = this.isAdjudication ? [] : this.open
    if (next !== undefined) return screen.say(m.stillOpen(next.name))
    this.handIn({ fixes: true, decision: null })
  }

  /** The shown layer, or another one, is the result. */
  decide(layer: Layer | null): void {
    if (layer === null || this.work === null || this.isFixing) return
    if (layer.answer !== null) return this.handIn({ fixes: false, decision: { response: layer.answer.response, revision: layer.answer.revision } })
    this.show(layer.key)
    this.fix()
    this.handInFix()
  }

  private handIn({ fixes, decision }: { fixes: boolean; decision: Base | null }): void {
    const { work, screen } = this
    if (work === null) return
    const said = verdictsOf(this.layers, this.verdicts)
    const verdicts = said.map(asJson)
    const gold = this.mayGold ? goldFrom({ use: this.goldUse, project: screen.options.projectId, isResult: this.isAdjudication, fixes, said }) : {}
    if (this.assignment) forget(this.assignment)
    screen.session.judge({ state: 'submitted', covers: fixes ? coversOf(work, screen.kinds) : {}, annotations: fixes ? work.annotations() : [], judged: { verdicts, decision, fixes, ...gold } })
  }

  /** What the server refused is looked at again: what its author says now, and the fix as it was drawn. */
  async lookAgain(parcel: Parcel): Promise<void> {
    const { session } = this.screen
    session.outbox.dismiss(parcel.id)
    await session.openItem(parcel.body.item)
    if (session.work?.task.item.id !== parcel.body.item || !parcel.body.judged?.fixes) return
    if (!this.isFixing) this.fix()
    session.work.become(parcel.body.annotations)
    session.work.history.mark()
  }

  private keep(): void {
    const now: Kept = { verdicts: [...this.verdicts], noted: [...this.noted], note: this.note, begunFrom: this.begunFrom }
    if (this.assignment) keep(this.assignment, now)
  }
}
