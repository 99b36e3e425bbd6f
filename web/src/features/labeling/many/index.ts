// What the rest of the product uses of labeling many items at once.

export { manyApi } from './api'
export { ManyPage, type Wanted } from './ManyPage'
