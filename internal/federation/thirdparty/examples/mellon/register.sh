# The service's key, and our metadata: Apache needs them to start.
openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=localhost -keyout service.key -out service.pem
curl --fail --silent --show-error --output gateway.xml http://localhost:8080/saml/metadata
