// A schema as text that people write: read, and changed in place so that comments and order stay.
import { isMap, isScalar, isSeq, parseDocument, type Document, type ParsedNode, type YAMLMap } from 'yaml'
import type { Problem, SchemaDocument } from '../../api'

export type Path = readonly (string | number)[]

export interface Read {
  /** What the text says, as far as it can be read; null when it is no YAML. */
  value: SchemaDocument | null
  problems: Problem[]
}

const OPTIONS = { version: '1.2', schema: 'core', keepSourceTokens: false } as const
const WRITE = { lineWidth: 100, flowCollectionPadding: false } as const

/** What the text says, with syntax errors as problems that know their line. */
export function read(text: string): Read {
  const doc = parseDocument(text, OPTIONS)
  const problems = doc.errors.map((error): Problem => ({ path: '', expected: error.message.split(' at line ')[0] ?? error.message, do: 'Mend the line; indent with spaces, and put text with special characters in quotes.', line: error.linePos?.[0].line ?? null }))
  if (problems.length > 0) return { value: null, problems }
  const value: unknown = doc.toJS()
  return { value: asSchema(value), problems: [] }
}

/** The parts a form can show, also of a document that is not right yet. */
function asSchema(value: unknown): SchemaDocument {
  const top = isRecord(value) ? value : {}
  const mapped = (given: unknown) => Object.fromEntries(Object.entries(isRecord(given) ? given : {}).map(([key, entry]) => [key, isRecord(entry) ? entry : {}]))
  return { ...top, streams: mapped(top['streams']) as SchemaDocument['streams'], fields: mapped(top['fields']) as SchemaDocument['fields'] }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function changed(text: string, change: (doc: Document.Parsed) => void): string {
  const doc = parseDocument(text, OPTIONS)
  if (doc.errors.length > 0) return text
  change(doc)
  return doc.toString(WRITE)
}

/** The text with a value put at a path; maps on the way are made. An undefined value takes the entry out. */
export function put(text: string, path: Path, value: unknown): string {
  return changed(text, (doc) => {
    if (value === undefined) {
      doc.deleteIn(path)
      return
    }
    const parent = doc.getIn(path.slice(0, -1), true)
    // An empty map written as {} would keep everything in one line.
    if (isMap(parent) && parent.items.length === 0) parent.flow = false
    doc.setIn(path, doc.createNode(value, { flow: isRecord(value) || Array.isArray(value) }))
  })
}

/** The text with a key renamed, its place and comments kept. A key that is taken stays as it was. */
export function rename(text: string, path: Path, key: string): string {
  return changed(text, (doc) => {
    const parent = doc.getIn(path.slice(0, -1), true)
    const was = String(path.at(-1))
    if (!isMap(parent) || key === '' || parent.has(key)) return
    const pair = parent.items.find((p) => keyOf(p.key) === was)
    if (!pair) return
    if (isScalar(pair.key)) pair.key.value = key
    else pair.key = doc.createNode(key)
    if (path.length === 2) renameInLayout(doc, was, key)
  })
}

/** The text with an entry moved one place up among its siblings. */
export function moveUp(text: string, path: Path): string {
  return changed(text, (doc) => {
    const parent = doc.getIn(path.slice(0, -1), true)
    if (!isMap(parent)) return
    const index = parent.items.findIndex((p) => keyOf(p.key) === String(path.at(-1)))
    const [pair] = index > 0 ? parent.items.splice(index, 1) : []
    if (pair) parent.items.splice(index - 1, 0, pair)
  })
}

/** The text without an entry; the layout forgets it too, or it would name nothing. */
export function take(text: string, path: Path): string {
  return changed(text, (doc) => {
    doc.deleteIn(path)
    if (path.length === 2) renameInLayout(doc, String(path[1]), null)
  })
}

/** The text with labels or options that it did not know; those it knows stay as they are. */
export function withLabels(text: string, wanted: readonly { field: string; label: string }[]): string {
  return wanted.reduce((now, { field, label }) => {
    const of = read(now).value?.fields[field]
    if (!of) return now
    const place = of.labels ? 'labels' : 'options'
    const taken = Object.keys(of[place] ?? {})
    const key = /^[a-z][a-z0-9_]*$/.test(label) ? label : keyFrom(label, taken)
    return taken.includes(key) ? now : put(now, ['fields', field, place, key], key === label ? {} : { title: label })
  }, text)
}

function renameInLayout(doc: Document.Parsed, was: string, now: string | null): void {
  const walk = (node: unknown): void => {
    if (!isSeq(node)) return
    for (let i = node.items.length - 1; i >= 0; i -= 1) {
      const item = node.items[i]
      if (isSeq(item)) walk(item)
      else if (isScalar(item) && item.value === was) {
        if (now === null) node.items.splice(i, 1)
        else item.value = now
      }
    }
  }
  walk(doc.get('layout', true))
}

function keyOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key)
}

/** The line (from 1) on which the thing at a dotted path stands, as near as it exists. */
export function lineOf(text: string, path: string): number | null {
  const doc = parseDocument(text, OPTIONS)
  let node: ParsedNode | YAMLMap | null = doc.contents
  let offset: number | null = null
  for (const part of path.split(/[.[\]]+/).filter(Boolean)) {
    if (!isMap(node)) break
    const pair = (node as YAMLMap).items.find((p) => keyOf(p.key) === part)
    if (!pair) break
    const range = (pair.key as { range?: [number, number, number] }).range
    if (range) offset = range[0]
    node = pair.value as ParsedNode | null
  }
  return offset === null ? null : text.slice(0, offset).split('\n').length
}

/** A key that is free among these, made from a word: "label", "label_2". */
export function freeKey(taken: readonly string[], word: string): string {
  if (!taken.includes(word)) return word
  let n = 2
  while (taken.includes(`${word}_${n}`)) n += 1
  return `${word}_${n}`
}

/** Words as a permanent key: "Night shift" is night_shift. What has no letter of a to z keeps a number. */
export function keyFrom(title: string, taken: readonly string[]): string {
  const plain = title.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[_0-9]+|_+$/g, '')
  return freeKey(taken, plain || 'label')
}

export const EMPTY = 'karat_schema: 1\nstreams:\n  text: {kind: text}\nfields:\n  topic: {kind: choice, options: {a: {}, b: {}}}\n'
