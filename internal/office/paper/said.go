package paper

// Said is what a paper says beside its head, line by line, for the digest of its
// proof. Secrets are left out: a digest must not lead to them.
func (f Facts) Said() (said []string) {
	for _, table := range [][]line{f.personal(), f.document(), f.check(), f.account()} {
		said = append(said, linesSaid(table)...)
	}
	return said
}

func linesSaid(lines []line) (said []string) {
	for _, l := range lines {
		said = append(said, l.key, l.value)
	}
	return said
}
