package config

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// PKCS11 is the security module that keeps the signing keys of what services
// are answered with.
type PKCS11 struct {
	Module  string `yaml:"module"`   // path of the shared library
	Token   string `yaml:"token"`    // label of the token
	PINFile string `yaml:"pin_file"` // or KAPU_PKCS11_PIN in the environment
}

// PINEnv names the environment variable that may hold the PIN of the token.
const PINEnv = "KAPU_PKCS11_PIN"

func (p *PKCS11) check() (faults []error) {
	if p == nil {
		return nil
	}
	if p.Module == "" {
		faults = append(faults, errors.New("pkcs11.module: name the shared library of the security module, like /usr/lib/softhsm/libsofthsm2.so"))
	}
	if p.Token == "" {
		faults = append(faults, errors.New("pkcs11.token: write the label of the token"))
	}
	return faults
}

// PIN is the PIN of the token's user, from the environment or the file.
func (p *PKCS11) PIN() (string, error) {
	if pin := os.Getenv(PINEnv); pin != "" {
		return pin, nil
	}
	if p.PINFile == "" {
		return "", fmt.Errorf("pkcs11: name the file with the PIN in pkcs11.pin_file, or put the PIN into %s", PINEnv)
	}
	info, err := os.Stat(p.PINFile)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", errors.New("pkcs11.pin_file: the file may be read by others; chmod 600 it")
	}
	text, err := os.ReadFile(p.PINFile)
	return strings.TrimSpace(string(text)), err
}
