// What the bar of a test means for somebody good, for somebody bad, and for how many items are needed.
import { useQuery } from '@tanstack/react-query'
import * as api from '../../api/gold'
import { format } from '../../ui'
import { m } from './messages'
import type { EXAM } from './policy'

export function Meaning({ project, test }: { project: string; test: typeof EXAM }) {
  const { good, bad, alpha, beta, most, tries } = test
  const isSound = bad > 0 && bad < good && good < 1 && alpha > 0 && alpha < 0.5 && beta > 0 && beta < 0.5
  const plan = useQuery({ queryKey: ['gold-plan', project, 'tell', good, bad, alpha, beta], queryFn: () => api.tell(project, { good, bad, alpha, beta }), enabled: isSound, retry: false, placeholderData: (last) => last })
  if (!isSound || !plan.data) return null
  const of = (chance: number) => format.count(Math.round(chance * 100))
  const about = (n: number | null) => format.count(Math.min(most, Math.ceil(n ?? most)))
  return (
    <div className="course-meaning">
      <h3>{m.meaning}</h3>
      <ul>
        <li>{m.means.good(format.percent(good), of(1 - alpha), about(plan.data.expected_good))}</li>
        <li>{m.means.bad(format.percent(bad), of(beta), about(plan.data.expected_bad))}</li>
        <li>{m.means.all(format.count(Math.min(most, leastOf(test))), format.count(most))}</li>
        <li>{m.means.need(format.count(most * tries), m.triesWords(tries))}</li>
      </ul>
    </div>
  )
}

/** After how many right answers, and no wrong one, Wald's test is passed. */
export function leastOf({ good, bad, alpha, beta }: Pick<typeof EXAM, 'good' | 'bad' | 'alpha' | 'beta'>): number {
  return Math.ceil(Math.log((1 - alpha) / beta) / Math.log(good / bad) - 1e-9)
}
