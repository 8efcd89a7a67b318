// The tools of the editor, in the order of the toolbar.
import { tool as attributes } from './attributes.js'
import { tool as clean } from './clean.js'
import { tool as corners } from './corners.js'
import { tool as corridor } from './corridor.js'
import { tool as draw } from './draw.js'
import { tool as measure } from './measure.js'
import { tool as merge } from './merge.js'
import { tool as renumber } from './renumber.js'
import { tool as retire } from './retire.js'
import { tool as splitArea } from './split-area.js'
import { tool as splitLine } from './split-line.js'
import { tool as splitParts } from './split-parts.js'
import { tool as splitPlan } from './split-plan.js'
import { tool as table } from './table.js'

export const tools = [
  splitArea, splitLine, splitParts, splitPlan, merge,
  corners, corridor,
  draw, table,
  attributes, renumber, retire, clean,
  measure,
]
