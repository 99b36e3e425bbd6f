// Groups of people who said so themselves: rounded figures of enough people, and why others are not shown.
import type { fairness as api } from '../../api'
import { format, Notice, Tag } from '../../ui'
import { Wide } from './Wide'
import { m } from './messages'
import { points, share } from './words'

export function GroupsCard({ groups, report }: { groups: readonly api.Groups[]; report: api.Fairness['report'] }) {
  const titles = new Map(report?.measures.map((one) => [one.key, one.title]))
  return (
    <section className="card fa-groups">
      <h2 className="ch">{m.groups}</h2>
      <div className="cb col g3">
        <p className="t2">{groups.length === 0 ? m.noGroups : m.groupsText}</p>
        {groups.map((one) => <Group key={one.attribute} group={one} titles={titles} />)}
      </div>
    </section>
  )
}

function Group({ group, titles }: { group: api.Groups; titles: ReadonlyMap<string, string> }) {
  const measures = (group.cells[0]?.figures ?? []).map((one) => one.measure).filter((key) => group.cells.some((cell) => cell.figures.some((f) => f.measure === key && typeof f.value === 'number')))
  return (
    <div>
      <h3>{group.title}</h3>
      {group.held && group.at && <Notice icon="clock">{m.held(format.day(group.at))}</Notice>}
      {group.cells.length === 0 ? <p className="t3">{m.fewStated}</p> : (
        <Wide label={group.title}>
          <table className="cards">
            <thead><tr><th>{m.measure}</th>{group.cells.map((cell) => <th key={cell.value} className="right">{cell.value} <span className="t3">{m.people(cell.people)}</span></th>)}</tr></thead>
            <tbody>
              {measures.map((key) => (
                <tr key={key}>
                  <td>{titles.get(key) ?? key}</td>
                  {group.cells.map((cell) => {
                    const figure = cell.figures.find((one) => one.measure === key)
                    if (!figure || figure.value === null || figure.value === undefined) return <td key={cell.value} className="right t3">–</td>
                    return (
                      <td key={cell.value} className="right nowrap">
                        {share(figure.value)} <span className="t3 f12">{m.upTo(share(figure.low), share(figure.high))}</span>
                        {figure.differs && <> <Tag tone="warn">{`${m.differs} ${points(figure.difference ?? 0)}`}</Tag></>}
                        <div className="t3 f12">{figure.on_same_items ? m.sameItems : m.ownItems}</div>
                      </td>
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      {group.is_merged && <p className="t3 f12">{m.merged}</p>}
    </div>
  )
}
