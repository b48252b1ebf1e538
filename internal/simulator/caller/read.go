package caller

import (
	"io"
	"strconv"
	"strings"
)

// heardMessage is a message as far as a telephone needs it.
type heardMessage struct {
	first  string
	status int
	lines  []string
	body   string
}

func (m *heardMessage) header(name string) string {
	for _, l := range m.lines {
		if n, v, ok := strings.Cut(l, ":"); ok && strings.EqualFold(strings.TrimSpace(n), name) {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

func (m *heardMessage) contact() string {
	_, rest, _ := strings.Cut(m.header("Contact"), "<")
	target, _, _ := strings.Cut(rest, ">")
	return target
}

// read reads the next message. Datagrams come whole into the reader's buffer,
// so that both kinds of networks are read alike.
func (x *Call) read() (*heardMessage, error) {
	m := &heardMessage{}
	for {
		line, err := x.lines.ReadString('\n')
		if err != nil {
			return nil, err
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" && m.first == "" {
			continue
		}
		if line == "" {
			break
		}
		if m.first == "" {
			m.first = line
			continue
		}
		m.lines = append(m.lines, line)
	}
	if fields := strings.Fields(m.first); len(fields) > 1 && strings.HasPrefix(m.first, "SIP/") {
		m.status, _ = strconv.Atoi(fields[1]) // 0 is no status
	}
	length, _ := strconv.Atoi(m.header("Content-Length")) // none is 0
	body := make([]byte, length)
	_, err := io.ReadFull(x.lines, body)
	m.body = string(body)
	return m, err
}
