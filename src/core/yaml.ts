/**
 * The parts of the YAML library that are used, by name. To be imported when needed: the bundler gives a CommonJS package
 * that is imported dynamically only a default export, so the names are taken here.
 */
import * as yaml from 'yaml'

export const { isMap, isScalar, isSeq, LineCounter, parse, parseDocument } = yaml
