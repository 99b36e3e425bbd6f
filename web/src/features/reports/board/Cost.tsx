// What an accepted label costs, where a pay formula has computed lines: for managers, who may see pay.
import { useQuery } from '@tanstack/react-query'
import * as api from '../../../api/boards'
import { Door, format, hasEnough, itemsPath } from '../../../ui'
import { m } from './messages'

/** An amount in the smallest unit of its currency, as money is written; digits beyond the usual where it has few. */
export function money(amount: number, { currency, digits }: { currency: string; digits: number }): string {
  const value = amount / 10 ** digits
  try {
    return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(value)
  } catch {
    return `${value.toFixed(digits)} ${currency}`
  }
}

export function CostRow({ project }: { project: string }) {
  const budget = useQuery({ queryKey: ['reports', project, 'budget'], queryFn: () => api.budget(project) })
  const { data } = budget
  if (!data || data.per_label.value === null) return null
  const { value, low, high } = data.per_label
  const known = hasEnough(data.per_label) && low !== null && high !== null
  return (
    <tr>
      <td>{m.cost}</td>
      <td className="right md"><Door to={itemsPath(project, [{ state: ['done'] }])}>{money(value, data)}</Door></td>
      <td className="t2" style={{ whiteSpace: 'normal' }}>{known ? `${money(low, data)}–${money(high, data)}` : m.costText(format.count(data.per_label.n))}</td>
    </tr>
  )
}
