// What of a schema a definition, a ruling or a filter can name.

interface Declared {
  readonly labels?: object
  readonly options?: object
}

/** The fields of a schema with their labels or options. */
export function named(schema: unknown): { field: string; labels: string[] }[] {
  const fields = (schema as { fields?: Record<string, Declared> }).fields ?? {}
  return Object.entries(fields).map(([field, one]) => ({ field, labels: Object.keys(one.labels ?? one.options ?? {}) }))
}
