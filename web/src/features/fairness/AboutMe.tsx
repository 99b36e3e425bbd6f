// What a person may state about themselves: the purpose first, withdrawn at any time, seen by nobody else.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { fairness as api } from '../../api'
import { Button, Failure, SelectField, SkeletonRows, toast, toastError } from '../../ui'
import { m } from './messages'

export function AboutMe({ workspace }: { workspace: string }) {
  const client = useQueryClient()
  const own = useQuery({ queryKey: ['about-me', workspace], queryFn: () => api.aboutMe(workspace) })
  const state = async (one: api.OwnStatement, value: string | null) => {
    try {
      client.setQueryData(['about-me', workspace], await api.state(workspace, one.attribute.id, value))
      toast(value === null ? m.deleted : m.saved)
    } catch (error) {
      toastError(error)
    }
  }
  return (
    <section className="card">
      <h2 className="ch">{m.aboutMe}</h2>
      <div className="cb col g3" style={{ maxWidth: 560 }}>
        <p>{m.aboutText}</p>
        {own.isPending && <SkeletonRows rows={2} />}
        {own.isError && <Failure error={own.error} onRetry={() => void own.refetch()} />}
        {own.data?.length === 0 && <p className="t2">{m.aboutNone}</p>}
        {own.data?.map((one) => (
          <div key={one.attribute.id} className="col g2">
            <p className="t2">{one.attribute.purpose}</p>
            <div className="row g2" style={{ alignItems: 'end' }}>
              <SelectField label={one.attribute.title} value={one.value ?? ''} onChange={(e) => void state(one, e.target.value || null)}>
                <option value="">{m.unsaid}</option>
                {one.attribute.options.map((option) => <option key={option} value={option}>{option}</option>)}
              </SelectField>
              {one.value !== null && <Button onClick={() => void state(one, null)}>{m.withdraw}</Button>}
            </div>
          </div>
        ))}
        {own.data && own.data.length > 0 && <p className="t3 f12">{m.aboutGone}</p>}
      </div>
    </section>
  )
}
