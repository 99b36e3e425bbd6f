// The server's opinion of a schema while it is typed: problems with their lines, losses, and the last good version.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { projects as api, Refusal, type Loss, type Problem, type SchemaDocument } from '../../api'
import { lineOf, read, type Read } from './schemaText'

export interface Checked {
  read: Read
  problems: Problem[]
  /** The last version without a problem, with its defaults filled in. */
  good: SchemaDocument | null
  losses: Record<string, Loss[]>
  checking: boolean
  failed: Error | null
}

export function useCheck(text: string): Checked {
  const settled = useSettled(text, 300)
  const local = useMemo(() => read(text), [text])
  const check = useQuery({
    queryKey: ['schema-check', settled],
    queryFn: ({ signal }) => api.checkSchema(settled, signal).catch(refusedAsProblems),
    enabled: settled.trim() !== '' && read(settled).problems.length === 0,
    staleTime: Infinity,
    placeholderData: (before) => before,
  })
  const [good, setGood] = useState<{ schema: SchemaDocument; losses: Record<string, Loss[]> } | null>(null)
  const answer = check.data
  useEffect(() => {
    if (answer && answer.problems.length === 0 && answer.schema) {
      setGood({ schema: answer.schema, losses: answer.losses })
    }
  }, [answer])
  const problems = useMemo(
    () => (local.problems.length > 0 ? local.problems : (answer?.problems ?? [])).map((p) => ({ ...p, line: p.line ?? lineOf(text, p.path) })),
    [answer, local, text],
  )
  return { read: local, problems, good: good?.schema ?? null, losses: good?.losses ?? {}, checking: check.isFetching || settled !== text, failed: check.error }
}

/** A server that refuses the document outright still says what is wrong with it. */
function refusedAsProblems(error: unknown): Awaited<ReturnType<typeof api.checkSchema>> {
  if (error instanceof Refusal && error.problems.length > 0) return { schema: null, problems: [...error.problems], losses: {} }
  throw error
}

function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [ms, value])
  return settled
}
