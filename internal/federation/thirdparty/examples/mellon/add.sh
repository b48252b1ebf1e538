# Apache runs: it writes the metadata of the service itself.
curl --fail --silent --show-error --output service.xml http://localhost:9000/mellon/metadata
kapu admin service add --data demo \
  --id my-apache --name "Próbaszolgáltatás" --name-en "My Apache" \
  --url http://localhost:9000/members/ \
  --saml-metadata service.xml --saml-attributes plain --private-network \
  --claim name --claim birthdate --claim tax_number \
  --ground "2023. évi CIII. törvény"
