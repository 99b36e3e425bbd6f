// Making problems: what was wrong, with the value, what may stand there, and what to do.

import type { Json, Problem } from './types'

export function problem(path: string, got: unknown, expected: string, remedy: string): Problem {
  return { path, got: shown(got), expected, do: remedy }
}

/** A value as JSON, cut short. */
export function shown(value: unknown, limit = 80): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`
}

export function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
