package population_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"time"

	registerhttp "kapu/internal/register/http"
	"kapu/internal/simulator/population"
)

// A gateway in earnest has its certificate, key and roots in PEM files.
func TestCertificatesFromFilesOpenTheRoad(t *testing.T) {
	people := newRegister()
	address, ends := serve(t, people)
	own := ends.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	certificateFile := writePEM(t, "CERTIFICATE", own.Certificate[0])
	keyFile := writePEM(t, "PRIVATE KEY", key)
	// Trusting the gateway's own certificate instead of the root must not let the register in.
	config, err := registerhttp.LoadTLS(certificateFile, keyFile, certificateFile)
	if err != nil {
		t.Fatal(err)
	}
	query := people.In(population.Ordinary)[0].Statement()
	if _, err := connect(t, address, config).Check(t.Context(), query); err == nil {
		t.Error("a register below no trusted root was believed")
	}
	config.RootCAs = ends.RootCAs
	if !check(t, connect(t, address, config), query).Confirmed() {
		t.Error("not confirmed")
	}
}

func TestFilesThatAreNotCertificatesAreRefused(t *testing.T) {
	ends, err := population.NewCertificates(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	certificate := writePEM(t, "CERTIFICATE", ends.Client.Certificates[0].Certificate[0])
	missing := filepath.Join(t.TempDir(), "missing.pem")
	for _, files := range [][3]string{{missing, missing, missing}, {certificate, certificate, certificate}, {certificate, missing, certificate}} {
		if _, err := registerhttp.LoadTLS(files[0], files[1], files[2]); err == nil {
			t.Errorf("accepted %v", files)
		}
	}
}

func writePEM(t *testing.T, kind string, der []byte) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "file.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
