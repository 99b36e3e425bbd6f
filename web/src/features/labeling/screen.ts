// The labeling screen as one thing that commands act on: the session, what is looked at, and which dialogs are open.

import type { Kinds, OpenPoint } from '../../engine/check'
import type { Clash, Command } from '../../engine/command'
import { clashes, rebound } from '../../engine/command'
import type { FieldKeys } from '../../engine/kind'
import { idsOf } from '../../engine/links'
import { attributesOf, type Field, type Schema } from '../../engine/schema'
import type { Session } from '../../engine/session'
import { Signal } from '../../engine/signal'
import type { SurfaceControls } from '../../engine/surface'
import { same } from '../../engine/same'
import type { Annotation, Id, Json } from '../../engine/types'
import { View } from '../../engine/view'
import type { Work } from '../../engine/work'
import { Cells } from './cells'
import { Choices } from './choices'
import { Clustering } from './clusters/clustering'
import { Copies } from './copies'
import { Editing } from './editing'
import { attributeKeys, itemKeys } from './field-keys'
import { type ChosenKeys, holding, type KeyMap } from './key-map'
import { drawnFields } from './fields'
import { Links } from './linking'
import { m } from './messages'
import type { Beside } from './beside'
import { Occurrences } from './occurrences'
import { Sight } from './sight'
import { Suggestions } from './suggest/suggestions'
import { Tools } from './tools'
import { Unseen } from './unseen'
import { Veils } from './veils'
import { Walk } from './walk'
import { pinsOn } from './pinned'
import type { Skipping } from './skipping'

export type DialogName = 'palette' | 'keys' | 'skip' | 'recent' | 'labels' | 'verdict' | 'ask' | 'course' | 'hand'

/** What of the view the header, the panel and the bars show. */
const SHOWN = ['isTooFar', 'tool', 'locked', 'pinned', 'layers', 'tone', 'grid', 'snaps', 'borders', 'label', 'selection', 'hidden', 'shown', 'kept', 'guide', 'snap', 'pointed', 'here', 'brush', 'linking'] as const

export interface ScreenOptions {
  readonly kinds: Kinds
  readonly schema: Schema
  readonly projectTitle: string
  readonly projectId: Id
  /** Whose choices of how things are shown are kept; a preview keeps none. */
  readonly personId?: Id
  /** The words of a list of the project; a preview has none. */
  readonly words?: (name: string) => Promise<readonly (readonly [string, string])[]>
  /** The guideline, precedents and questions; a preview has none. */
  readonly beside?: Beside
  /** What skipping means here, as it is now; a preview has no rule. */
  readonly skipping?: () => Skipping | undefined
  readonly onLeave: (() => void) | null
  readonly onFinished: ((item: Id) => void) | null
  readonly keys: ChosenKeys
  readonly onKeys: ((keys: ChosenKeys) => void) | null
  readonly make: (screen: Screen) => Command<Screen>[]
  /** Chords of tools and other fixed commands, which answers must not take. */
  readonly taken: (schema: Schema, kinds: Kinds) => ReadonlySet<string>
}

export interface Subject {
  readonly annotations: readonly Annotation[]
  readonly field: Field
  readonly attributes: readonly Field[]
  readonly keys: ReadonlyMap<string, FieldKeys>
}

export class Screen extends Signal {
  readonly view: View
  readonly tools: Tools
  readonly links: Links
  readonly choices: Choices
  readonly cells = new Cells(this)
  readonly sight = new Sight(this)
  readonly copies = new Copies(this)
  readonly clusters = new Clustering(this)
  readonly occurrences = new Occurrences(this)
  readonly suggestions = new Suggestions(this)
  readonly walk = new Walk(this)
  readonly editing = new Editing(this)
  readonly pins = pinsOn(this)
  readonly veils: Veils
  /** Where the keys go. */
  surface: SurfaceControls | null = null
  /** What steers each stream that is shown. */
  readonly surfaces = new Map<string, SurfaceControls>()
  dialog: DialogName | null = null
  /** What is open beside the rail. */
  popover: 'tone' | 'layers' | null = null
  /** What a refused submit pointed to. */
  points: readonly OpenPoint[] = []
  readonly unseen = new Unseen(() => this.changed())
  /** Why something that was asked for did not happen. */
  notice: string | null = null
  grouped: boolean | null = null
  readonly folded = new Set<string>()
  chosen: ChosenKeys
  readonly fieldKeys: ReadonlyMap<string, FieldKeys>
  private readonly taken: ReadonlySet<string>
  private cachedCommands: { readonly for: string; readonly list: readonly Command<Screen>[] } | null = null

  constructor(
    readonly session: Session,
    readonly options: ScreenOptions,
  ) {
    super()
    this.chosen = options.keys
    this.taken = options.taken(options.schema, options.kinds)
    this.fieldKeys = itemKeys(options.schema, options.kinds, this.taken)
    this.view = new View()
    this.tools = new Tools(this)
    this.veils = new Veils(this)
    this.choices = new Choices(this)
    let open: Work | null = null
    let phase = session.phase
    session.subscribe(() => {
      if (session.work !== open) this.opened((open = session.work))
      if (session.phase !== phase) {
        phase = session.phase
        // An item that was chosen by hand is handed in: whoever chose it says where to go on.
        if (phase === 'done' && session.lastItem !== null) options.onFinished?.(session.lastItem)
      }
      this.changed()
    })
    this.view.subscribe((was) => {
      // Zoom and hover change with every move of the hand; nothing but the surface shows them.
      if (SHOWN.some((key) => was[key] !== this.view.state[key])) this.changed()
    })
    this.links = new Links(this)
    void this.suggestions.load()
  }

  get work(): Work | null {
    return this.session.work
  }

  get schema(): Schema {
    return this.options.schema
  }

  get kinds(): Kinds {
    return this.options.kinds
  }

  get selected(): readonly Annotation[] {
    const { work } = this
    return work === null ? [] : [...this.view.state.selection].map((id) => work.store.get(id)).filter((a) => a !== null)
  }

  /** The one selected annotation with its field, attributes and their keys. */
  get single(): (Subject & { readonly annotation: Annotation }) | null {
    const { subject } = this
    const [annotation, ...more] = subject?.annotations ?? []
    return subject && annotation && more.length === 0 ? { ...subject, annotation } : null
  }

  /** What answers to attributes go to: everything selected, where it is of one field, and the attributes that all of it has. */
  get subject(): Subject | null {
    const { selected, kinds, work } = this
    const [first] = selected
    const field = first && work?.field(first.field)
    if (!first || !field || work === null || selected.some((a) => a.field !== first.field)) return null
    if (this.known?.selection === this.view.state.selection && this.known.version === work.store.version) return this.known.subject
    const labels = [...new Set(selected.map((a) => a.label))]
    const [own, ...others] = labels.map((label) => attributesOf(field, label))
    const attributes = (own ?? []).filter((a) => others.every((theirs) => theirs.some((b) => b.key === a.key && b.kind === a.kind)))
    const subject = { annotations: selected, field, attributes, keys: attributeKeys(attributes, selected, kinds, this.taken) }
    this.known = { selection: this.view.state.selection, version: work.store.version, subject }
    return subject
  }

  private known: { readonly selection: ReadonlySet<Id>; readonly version: number; readonly subject: Subject } | null = null

  /** Commands that exist now. They change only with the selection's attributes. */
  get commands(): readonly Command<Screen>[] {
    const { subject } = this
    const shape = `${subject?.field.key}/${subject?.attributes.map((a) => a.key)}/${subject?.annotations[0]?.label}/${[...(subject?.keys.keys() ?? [])]}/${JSON.stringify(this.keys)}`
    if (this.cachedCommands?.for !== shape) this.cachedCommands = { for: shape, list: rebound(this.options.make(this), this.keys).map(inTurn) }
    return this.cachedCommands.list
  }

  get clashes(): readonly Clash<Screen>[] {
    return clashes(this.commands)
  }

  command(id: string): Command<Screen> | null {
    return this.commands.find((c) => c.id === id) ?? null
  }

  /** The first key of a command, as it is set now. */
  keyOf(id: string): string | null {
    return this.command(id)?.keys[0] ?? null
  }

  run(id: string): void {
    const command = this.command(id)
    if (command?.when(this)) command.run(this)
  }

  open(dialog: DialogName | null): void {
    this.dialog = dialog
    this.changed()
    if (dialog === null) this.surface?.focus()
  }

  /** An annotation in a few words: "Drug 3". */
  nameOf(annotation: Annotation): string {
    const label = this.work?.field(annotation.field)?.labels.find((l) => l.key === annotation.label)
    return `${label?.title ?? annotation.label ?? annotation.field} ${this.work?.store.numberOf(annotation.id) ?? ''}`.trim()
  }

  /** Brings an annotation into sight; one that is between others, where it begins. */
  reveal(annotation: Annotation): void {
    const begin = this.work?.store.get(idsOf(annotation, this.kinds)[0] ?? '') ?? annotation
    const field = this.work?.field(begin.field)
    if (field && drawnFields(this).includes(field)) this.turnTo(begin.on?.stream ?? field.on)
    this.surface?.reveal(begin.id)
  }

  /** From now on keys go to this stream, where it is shown beside others. */
  turnTo(stream: string | null | undefined): void {
    const controls = stream ? this.surfaces.get(stream) : undefined
    if (controls === undefined || controls === this.surface) return
    this.surface?.cancel()
    this.surface = controls
    if (this.dialog === null) controls.focus()
  }

  /** The answer that everything selected has to an attribute; undefined where it differs or is missing. */
  attributeOf(key: string): Json | undefined {
    const [first, ...others] = this.subject?.annotations.map((a) => a.attributes?.[key]) ?? []
    return others.every((value) => same(value, first)) ? first : undefined
  }

  /** Gives everything selected this answer, in one step. */
  setAttribute(key: string, value: Json | undefined): void {
    this.work?.setAttribute(this.subject?.annotations.map((a) => a.id) ?? [], key, value)
  }

  /** How many answers are still open; counted once for each change. */
  get openCount(): number {
    const { work } = this
    if (work === null || work.isFinal || this.unseen.why !== null) return 0
    if (this.counted?.work !== work || this.counted.version !== work.store.version) this.counted = { work, version: work.store.version, open: this.session.points().length }
    return this.counted.open
  }

  private counted: { readonly work: Work; readonly version: number; readonly open: number } | null = null

  /** Hands in, when what is under way is done. */
  submit(): void {
    if (this.work?.turns.isBusy) return this.work.turns.take(() => this.submit())
    if (this.work?.isFinal) return this.goOn()
    const { why } = this.unseen
    if (why !== null) return why.canSkip ? this.session.skip({ reason: 'broken', note: why.reason }) : undefined
    this.points = this.session.submit()
    const [first] = this.points
    if (first === undefined) return
    if (first.part !== undefined) return this.goPoint(first.field, first.part)
    if (first.annotation !== null && first.annotation !== first.field) {
      this.view.select(first.annotation)
      const annotation = this.work?.store.get(first.annotation)
      if (annotation) this.reveal(annotation)
      if (annotation && this.work?.isAsked(annotation) === false) this.say(m.notAsked(first.problem.do))
    }
    this.view.set({ pointed: first.attribute ?? first.field })
  }

  private goPoint(key: string, part: string): void {
    const cells = this.cells.list.filter((cell) => cell.field.key === key && cell.part === part)
    this.cells.go(cells.find((cell) => !this.cells.isAnswered(cell)) ?? cells[0] ?? null)
    this.view.set({ pointed: key })
    this.surface?.focus()
  }

  /** Whether digits choose a label or an answer that is no cell. */
  get hasDigits(): boolean {
    const keys = [...this.fieldKeys.values()].flatMap((one) => Object.values(one.options))
    return this.schema.fields.some((field) => field.labels.length > 0) || keys.some((key) => /^\d$/.test(key))
  }

  /** Leaves an answer that can only be looked at. */
  private goOn(): void {
    if (this.session.isQueue) void this.session.next()
    else this.options.onLeave?.()
  }

  /** Locks annotations, or pins them, unless all of them are so already. */
  toggle(what: 'locked' | 'pinned', ids: readonly Id[]): void {
    const all = new Set(this.view.state[what])
    const isOn = ids.every((id) => all.has(id))
    for (const id of ids) if (isOn) all.delete(id); else all.add(id)
    this.view.set({ [what]: all })
  }

  togglePopover(which: NonNullable<Screen['popover']> | null): void {
    this.popover = this.popover === which ? null : which
    this.changed()
  }

  /** All annotations of the groups that the selected ones belong to. */
  selectGroups(): void {
    const groups = new Set(this.selected.map((a) => a.group).filter((group) => group !== undefined))
    const all = this.work?.store.list().filter((a) => a.group !== undefined && groups.has(a.group)) ?? []
    this.view.select(...all.map((a) => a.id))
  }

  /** Nothing is open and nothing is coming: there is nothing to answer. */
  get isIdle(): boolean {
    return this.work === null && this.session.phase !== 'loading'
  }

  fold(section: string): void {
    if (!this.folded.delete(section)) this.folded.add(section)
    this.changed()
  }

  /** The keys that were chosen, by the id of their command. */
  get keys(): KeyMap {
    return holding(this.chosen)
  }

  setKeys(chosen: ChosenKeys): void {
    this.chosen = chosen
    this.options.onKeys?.(chosen)
    this.changed()
  }

  /** Tells why something did not happen; null when that is read. */
  say(notice: string | null): void {
    this.notice = notice
    this.changed()
  }

  private opened(work: Work | null): void {
    this.points = []
    this.unseen.forget()
    this.notice = null
    this.walk.state = 'off'
    this.occurrences.asked = null
    this.suggestions.opened()
    this.sight.filter = ''
    // An item whose answers are out of sight would look as if it had none.
    const shown = ['selected', 'none'].includes(this.view.state.shown) ? 'filled' : this.view.state.shown
    this.view.fieldOf = (id) => work?.store.get(id)?.field ?? null
    if (work !== null) work.allows = (id) => this.view.allows(id)
    this.view.set({ shown, redrawn: null, linking: null, selection: new Set(), hover: null, hidden: new Set(), locked: new Set(), pinned: new Set(), kept: null, pointed: null, here: null })
    this.cells.opened()
    work?.turns.subscribe(() => this.changed())
    work?.store.subscribe(() => {
      if (this.points.length > 0) this.points = this.session.points()
      this.changed()
    })
  }
}

/** A command that waits for what is under way, such as a stroke that it is to undo. */
function inTurn(command: Command<Screen>): Command<Screen> {
  return {
    ...command,
    run: (screen) => {
      const { work } = screen
      if (work?.turns.isBusy) work.turns.take(() => (command.when(screen) ? command.run(screen) : undefined))
      else command.run(screen)
    },
  }
}
