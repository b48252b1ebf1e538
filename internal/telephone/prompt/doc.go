// Package prompt owns what the line says: the list of prompts with their texts
// in both languages (prompts.tsv), their sound, and the rules by which numbers,
// dates, clock times and codes are read out as prompts one after the other.
//
// Sound is rendered ahead by render, a program beside this package (make
// prompts), and embedded as packed G.711 A-law, 8000 bytes a second. It refuses to
// speak words that were not written down: names of people and services are never
// said.
package prompt
