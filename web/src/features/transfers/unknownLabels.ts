// Labels and options that a file names and the schema does not know, read from what the check says of its rows.
import type { ImportPreview, Problem, SchemaDocument } from '../../api'

export interface UnknownLabel {
  field: string
  label: string
}

/** What adding to the schema would mend, each once. A problem of which no single field can be told is left out. */
export function unknownLabels(preview: ImportPreview, schema: SchemaDocument): UnknownLabel[] {
  const found = new Map<string, UnknownLabel>()
  for (const { problems } of preview.rejects) {
    for (const problem of problems) {
      const one = unknownOf(problem, preview, schema)
      if (one) found.set(`${one.field} ${one.label}`, one)
    }
  }
  return [...found.values()]
}

export function unknownOf(problem: Problem, preview: ImportPreview, schema: SchemaDocument): UnknownLabel | null {
  if (!/\badd (it|the label) to\b/i.test(problem.do ?? '')) return null
  const label = typeof problem.got === 'string' ? problem.got.replace(/^"(.*)"$/s, '$1') : ''
  const field = fieldOf(problem, preview, schema)
  return field && label.trim() ? { field, label } : null
}

/** The field by its name in the remedy, by the column it comes from, or by the labels that it has. */
function fieldOf(problem: Problem, { mapping }: ImportPreview, { fields }: SchemaDocument): string | null {
  const named = /`([^`]+)`/.exec(problem.do ?? '')?.[1]
  if (named && named in fields) return named
  const column = /^[^.[]*/.exec(problem.path)?.[0] ?? ''
  const mapped = Object.entries(mapping.fields ?? {}).find(([, from]) => from === column)?.[0] ?? column
  if (mapped in fields) return mapped
  const fitting = Object.entries(fields).filter(([, f]) => `one of ${Object.keys(f.labels ?? f.options ?? {}).join(', ')}` === problem.expected)
  return fitting.length === 1 ? (fitting[0]?.[0] ?? null) : null
}
