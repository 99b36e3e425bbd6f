// What a kind of annotation is to the screen: a record of plain functions, a union on its surface.

import type { Aim, Gesture, Point } from './gesture'
import type { Field, Label } from './schema'
import type { Annotation, Facts, Id, Json, Problem } from './types'

interface Common {
  readonly name: string
  readonly version: number
  readonly title: string
  /** The problems of a value; agrees with the server's check, see `spec/kinds`. Paths are relative to the value. */
  check(value: Json, field: Field, facts: Facts): readonly Problem[]
}

/** What a canvas surface paints, hits and indexes, in the picture's pixels. */
export type Primitive =
  | { readonly type: 'rect'; readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
  | { readonly type: 'path'; readonly points: readonly Point[]; readonly closed: boolean }
  /** Closed rings by the even-odd rule: a ring in another is a hole. */
  | { readonly type: 'area'; readonly rings: readonly (readonly Point[])[] }
  /** Pixels within bounds, with the closed rings round them; `holds` says whether a point lies in one of them. */
  | Region
  /** Of one size on the screen at any zoom. */
  | { readonly type: 'dot'; readonly point: Point }
  /** Many lines in one; those that `light` repeats tell one side of a thing from the other. */
  | { readonly type: 'lines'; readonly lines: readonly (readonly [Point, Point])[]; readonly light?: Extract<Primitive, { type: 'lines' }> }
  /** Many dots in one, filled or as rings. `extent` is the size of what they belong to: where that is tiny they are left out. */
  | { readonly type: 'dots'; readonly points: readonly Point[]; readonly solid: boolean; readonly light?: boolean; readonly extent: number }

export interface Region {
  readonly type: 'region'
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  /** Coarse ones where `cover` is given. */
  readonly rings: readonly (readonly Point[])[]
  holds(point: Point): boolean
  /** Given where the rings would be too many to be drawn: how much of each square of `2 ** level` pixels is in it. */
  cover?(level: number): Cover
}

/** Squares from the left top corner of a region on, row by row, 255 where all of one is in it. */
export interface Cover extends Size {
  readonly data: Uint8Array
}

export interface Handle {
  readonly id: string
  readonly point: Point
  readonly cursor: string
  /** Drawn as a square; an edge is a target without being drawn. */
  readonly from?: Point
  readonly to?: Point
  /** Holding it makes a corner that was not there; drawn small, and only where there is room. */
  readonly adds?: boolean
  /** It turns the shape, and stands off its point by one length on the screen in this direction, which is one long. */
  readonly stem?: Point
  /** What stands at the pointer over it. */
  readonly name?: string
  /** The shape itself paints something there: only one that was clicked is drawn. */
  readonly quiet?: boolean
}

/** What else can be drawn for a shape that is there: a hole, a part. It becomes a command of its own. */
export interface Join<V> {
  readonly id: string
  readonly title: string
  readonly key: string
  readonly icon: string
  /** Whether there is anything to draw for this value; without it there always is. */
  isOpen?(value: V, field: Field): boolean
  /** The shape with what was drawn; null where the two do not fit together. */
  join(value: V, drawn: V): V | null
}

/** Points of a line across a picture. */
export type Line = readonly (readonly [x: number, y: number])[]

/** How a shape is cut by a line that is drawn across it. */
export interface Slice<V> {
  draw(start: Point, size: Size): Gesture<Line>
  /** False where two shapes in the place of one would break what the field asks. */
  isOpen?(field: Field): boolean
  /** The shapes that a line leaves, the largest first; none where it does not cut the shape through. */
  parts(value: V, line: Line, size: Size, field: Field): readonly V[]
}

/** A way to paint beside the brush. */
export interface Way<V> {
  readonly id: string
  readonly title: string
  readonly key: string
  readonly icon: string
  draw(start: Point, size: Size): Gesture<V>
}

/** What a stroke covers, before its pixels are found: the way of a round brush, a part of the picture as runs off and on in turn, column by column, or a shape. */
export type Drawn<V> =
  | { readonly type: 'way'; readonly way: readonly Point[]; readonly radius: number }
  | { readonly type: 'runs'; readonly from: Point; readonly size: Size; readonly runs: readonly number[] }
  | { readonly type: 'shape'; readonly value: V }

export interface Stroke<V> {
  readonly drawn: Drawn<V>
  readonly erases: boolean
  /** What it is added to or taken from; null where it begins a shape. */
  readonly target: V | null
  /** Shapes that lose what it adds. */
  readonly others: readonly V[]
  /** Shapes whose pixels it leaves to them. */
  readonly firm: readonly V[]
  /** Of the picture. */
  readonly size: Size
}

/** Shapes after a stroke, null for those of which nothing is left. What it did not touch is the same as before. */
export interface Painted<V> {
  readonly target: V | null
  readonly others: readonly (V | null)[]
}

/** How shapes of a kind are painted: strokes are shapes themselves, added to a shape or taken from it. */
export interface Paint<V> {
  /** What is there after a stroke; null where it covers nothing of the picture. It comes later where it takes long. */
  paint(stroke: Stroke<V>): Painted<V> | null | Promise<Painted<V> | null>
  readonly ways: readonly Way<V>[]
  /** Whether a pixel belongs to one shape of the field only: painting takes it from the others. */
  isExclusive(field: Field): boolean
  /** Whether each label has one shape, to which all its strokes go. */
  isOnePerLabel(field: Field): boolean
}

/** What can be said of a shape while it is drawn: "the next point is occluded". It becomes a command of its own. */
export interface Saying {
  readonly id: string
  readonly title: string
  readonly keys: readonly string[]
  /** Also before the first point is set; the kind's `arm` begins the shape then. */
  readonly begins?: boolean
  /** The second button of the pointer says it, of the place where it is pressed. */
  readonly second?: boolean
}

/** Where an act is done. */
export interface Around {
  /** The pointer on the picture. */
  readonly at: Point
  /** Boxes of the words that are known there: those of a page, none on a picture. */
  words(): readonly { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }[]
}

/** What a command does to a shape that is there: left and right swapped, a point occluded. */
export interface Act<V> {
  readonly id: string
  readonly title: string
  readonly key: string
  /** With an icon it has a button at the selection; acts on single points have none. */
  readonly icon?: string
  /** The second button of the pointer does it, at a handle. */
  readonly second?: boolean
  /** `handle` is the one under the pointer, else the one that was clicked. The new value; null to leave it as it is. */
  run(value: V, field: Field, handle: string | null, around: Around): V | null
}

/** Which step comes next in a shape that is drawn in steps, in words and as a picture in a unit square. */
export interface Guide {
  readonly words: string
  /** From 1. */
  readonly step: number
  readonly of: number
  readonly lines: readonly (readonly [Point, Point])[]
  /** Points that are set, those that are not, and the one that is next. */
  readonly done: readonly Point[]
  readonly open: readonly Point[]
  readonly next: Point
}

export interface Size {
  readonly width: number
  readonly height: number
}

export interface CanvasKind<V extends Json = Json, Preview extends Json = V> extends Common {
  readonly surface: 'canvas'
  readonly tool: { readonly title: string; readonly key: string; readonly icon: string }
  /** Whether a value can be painted: it has the shape of this kind, sound or not. */
  isShape(value: Json): boolean
  /** `field` brings the options of the schema; `base` is the shape that a join adds to. Kinds without any leave them out. */
  draw(start: Point, size: Size, field: Field, base?: V | null): Gesture<V, Preview>
  /** Begins what is drawn without a place, where something was said first. */
  arm?(size: Size, field: Field, base: V | null): Gesture<V, Preview>
  /** How many clicks draw it, where it is not one drag. One makes it at once; of many, the last can be taken back. */
  readonly clicks?: 'one' | 'many'
  outline(value: V, field: Field): readonly Primitive[]
  /** What is painted while it is drawn, where that is not the outline. */
  sketch?(preview: Preview, field: Field): readonly Primitive[]
  /** What comes next; `preview` is null before the first point. */
  guide?(preview: Preview | null, field: Field, base: V | null): Guide | null
  handles(value: V, field: Field): readonly Handle[]
  /** `aim` says whether Shift is held, which a handle may take as steps. */
  moveHandle(value: V, handle: string, to: Point, size: Size, aim?: Aim): V
  /** Without the corner of a handle; null where nothing would be left. Kinds without it keep their corners. */
  removeHandle?(value: V, handle: string): V | null
  moveBy(value: V, by: Point, size: Size): V
  /** Turned clockwise about its middle. Kinds without it have no angle. */
  turn?(value: V, degrees: number): V
  /** Whether its points are drawn to corners and edges of shapes nearby. */
  readonly snaps?: boolean
  readonly joins?: readonly Join<V>[]
  readonly sayings?: readonly Saying[]
  readonly acts?: readonly Act<V>[]
  readonly slice?: Slice<V>
  /** Several shapes as one; null where they do not make one. What it needs may have to be loaded first. */
  unite?(values: readonly V[], size: Size, field: Field): V | null | Promise<V | null>
  between?(a: V, b: V, share: number): V
  /** Given where shapes are painted instead of drawn at one go. */
  readonly paint?: Paint<V>
  /** What a field's shapes on one stream owe to one another; agrees with the server, see `spec/kinds`. */
  checkTogether?(annotations: readonly Annotation[], field: Field): readonly { readonly index: number; readonly problem: Problem }[]
}

/** Half-open, in code points. */
export type Range = readonly [start: number, end: number]

export interface TextKind<V extends Json = Json> extends Common {
  readonly surface: 'text'
  readonly tool: { readonly title: string; readonly key: string; readonly icon: string }
  ranges(value: V): readonly Range[]
  fromSelection(range: Range): V
  /** The value with its beginning and its end elsewhere, and all between as it was; null where nothing would be left. */
  reaching(value: V, start: number, end: number): V | null
  readonly joins?: readonly Join<V>[]
  /** Whether what speaks of one thing is put into clusters, such as the mentions of a person. */
  readonly clusters?: (field: Field) => boolean
}

/** How one option of an answer can be chosen by a key. */
export interface KeyedOption {
  readonly value: string
  readonly title: string
  /** The key that the schema asks for. */
  readonly key: string | null
}

export interface ControlProps {
  readonly field: Field
  readonly value: Json | undefined
  readonly onChange: (value: Json | undefined) => void
  /** Keys of the options in order, or the one key of the whole field. */
  readonly keys: FieldKeys
  readonly compact?: boolean
  readonly disabled?: boolean
  readonly id: string
  /** Keys of the parts of the field's stream, in the order in which they are shown. */
  readonly parts?: readonly string[]
  /** The words of the text that the annotation stands on, of which this is an attribute. */
  readonly about?: string
  /** The part of a stream that the keyboard is at. */
  readonly here?: string | null
  /** Given to kinds whose answers begin from what their stream says. */
  readonly beginning?: Beginning
  /** Which of the questions that a value answers is at the keyboard. */
  readonly question?: string | null
  readonly onQuestion?: (key: string) => void
}

/** Something that an answer can begin from. */
export interface Source {
  /** The part of the stream that it is; null for the whole. */
  readonly part: string | null
  readonly name: string
  readonly text: string
}

export interface Beginning {
  readonly sources: readonly Source[]
  /** The one that was chosen, or the only one. */
  readonly chosen: Source | null
  choose(source: Source): void
}

/** One of the questions that a value answers one by one, such as a criterion of a rubric. */
export interface Question {
  readonly key: string
  readonly title: string
}

/** What an answer says of one part of its stream. */
export interface PartMark {
  readonly text: string
  readonly best: boolean
}

/** The keys that a field got on this screen. */
export interface FieldKeys {
  /** Steps through the values, or focuses the control. */
  readonly field: string | null
  readonly options: Readonly<Record<string, string>>
}

/** `Node` is what the user interface renders; the engine does not know it. */
export interface FormKind<Node> extends Common {
  readonly surface: 'form'
  Control(props: ControlProps): Node
  /** Values that can be chosen by name, for the palette; none where they are too many or free. */
  values(field: Field): readonly KeyedOption[]
  /** Options worth a key each; none where one key for the field is enough. */
  keys(field: Field): readonly KeyedOption[]
  /** The value after pressing the key of an option, or (null) the key of the field; undefined to do nothing but focus. */
  press(field: Field, value: Json | undefined, option: string | null, parts?: readonly string[], here?: string | null): Json | undefined
  /** The value in few words, for a folded head and for tags. */
  summary(value: Json, field: Field, parts?: readonly string[]): string
  /** The questions that a value answers one by one; without it there is one. */
  questions?(field: Field): readonly Question[]
  /** The value after a digit was pressed where the keyboard is at it; undefined where the digit means nothing. */
  digit?(field: Field, value: Json | undefined, digit: number, question: string | null): Json | undefined
  /** Every question with its answer, for lists where there is room. */
  inWords?(value: Json, field: Field): string
  /** Whether a question is answered; without it, whether there is a value. */
  isAnswered?(value: Json | undefined, question: string): boolean
  /** Whether it is asked right under its stream rather than in the panel. */
  isUnder?(field: Field): boolean
  /** Whether its answers begin from what their stream says; then they name the part by `on`. */
  begins?(field: Field): boolean
  /** What a value says of one part of its stream, shown beside that. */
  markOf?(value: Json, part: string, field?: Field): PartMark | null
}

/** What annotations have to do with one another: drawn as lines between them, on whichever surface they lie. */
export interface LinkKind<V extends Json = Json> extends Common {
  readonly surface: 'link'
  readonly tool: { readonly title: string; readonly key: string; readonly icon: string }
  /** Whether a value can be drawn: it has the shape of this kind. */
  isLink(value: Json): boolean
  /** The annotations it is about, in the order in which a line is drawn through them. */
  ids(value: V): readonly Id[]
  /** The value with other ids; null is an id that is gone, and what the value becomes where it means nothing without it. */
  rebind(value: V, names: (id: Id) => Id | null): V | null
  isDirected(field: Field): boolean
  make(from: Id, to: Id): V
  /**
   * The value with one annotation right behind another: for kinds of as many as one likes, which are chosen in turn and
   * drawn as numbers. Each annotation stands in one value of a field.
   */
  put?(value: V, from: Id, to: Id): V
  /** The labels that one between these two may have. */
  labelsBetween(field: Field, from: Annotation, to: Annotation): readonly Label[]
  /** What is wrong with a field's annotations among those that have a place; agrees with the server, see `spec/kinds`. */
  checkAmong(annotations: readonly Annotation[], field: Field, siblings: ReadonlyMap<Id, Annotation>): readonly { readonly index: number; readonly problem: Problem }[]
}

export type KindUi<Node> = CanvasKind | TextKind | FormKind<Node> | LinkKind
