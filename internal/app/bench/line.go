package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
)

// line is a connection on which one request follows the answer to the one
// before. It reads no more of an answer than the flows need, so that the client
// never is what is measured.
type line struct {
	conn net.Conn
	in   *bufio.Reader
	out  []byte
	host string
}

// reply is what came back. Its body is valid until the next request.
type reply struct {
	status   int
	location string
	body     []byte
}

const lineBuffer = 16 << 10 // bytes; an answer is never larger

// dial connects; the line breaks when ctx ends.
func dial(ctx context.Context, host string) (*line, error) {
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { conn.Close() })
	return &line{conn: conn, in: bufio.NewReaderSize(conn, lineBuffer), host: host}, nil
}

// get asks for a path; head is further header lines, each with its line break.
func (l *line) get(path, head string) (reply, error) { return l.ask("GET", path, head, "") }

// post sends a form.
func (l *line) post(path, head, form string) (reply, error) {
	return l.ask("POST", path, head+"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "+strconv.Itoa(len(form))+"\r\n", form)
}

func (l *line) ask(method, path, head, body string) (reply, error) {
	l.out = l.out[:0]
	for _, part := range []string{method, " ", path, " HTTP/1.1\r\nHost: ", l.host, "\r\n", head, "\r\n", body} {
		l.out = append(l.out, part...)
	}
	if _, err := l.conn.Write(l.out); err != nil {
		return reply{}, err
	}
	return l.read()
}

// read takes one answer off the line (RFC 9112, 4 and 6.2).
func (l *line) read() (a reply, err error) {
	first, err := l.in.ReadSlice('\n')
	if err != nil {
		return a, err
	}
	if a.status, err = strconv.Atoi(string(first[len("HTTP/1.1 "):len("HTTP/1.1 200")])); err != nil {
		return a, fmt.Errorf("bench: %q is no answer", first)
	}
	size := 0
	for {
		header, err := l.in.ReadSlice('\n')
		if err != nil {
			return a, err
		}
		header = bytes.TrimRight(header, "\r\n")
		if len(header) == 0 {
			break
		}
		if v, ok := bytes.CutPrefix(header, []byte("Content-Length: ")); ok {
			if size, err = strconv.Atoi(string(v)); err != nil {
				return a, err
			}
		} else if v, ok := bytes.CutPrefix(header, []byte("Location: ")); ok {
			a.location = string(v)
		}
	}
	if a.body, err = l.in.Peek(size); err == nil {
		_, err = l.in.Discard(size)
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return a, err
}
