// What clusters say.

const mentions = (n: number): string => (n === 1 ? '1 mention' : `${n.toLocaleString()} mentions`)

export const m = {
  title: 'Clusters',
  of: (field: string): string => `Clusters: ${field}`,
  head: (number: number, count: number): string => `Cluster ${number}, ${mentions(count)}`,
  begin: 'New cluster',
  last: 'Add to the last cluster',
  to: (number: number): string => `Add to cluster ${number}`,
  merge: 'Merge clusters',
  mergeWith: (number: number): string => `Merge with cluster ${number}`,
  out: 'Take out of its cluster',
  takeOut: (words: string, number: number): string => `Take “${words}” out of cluster ${number}`,
  empty: (begin: string, last: string): string => `Select a span: ${begin} starts a cluster, ${last} adds to the last one.`,
  alone: (n: number): string => `${n.toLocaleString()} in no cluster`,
} as const
