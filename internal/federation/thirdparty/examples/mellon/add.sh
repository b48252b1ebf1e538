# Apache runs: it writes the metadata of the service itself, and of the pages that want more.
curl --fail --silent --show-error --output service.xml http://localhost:9000/mellon/metadata
curl --fail --silent --show-error --output safe.xml http://localhost:9000/members/safe/mellon/metadata
kapu admin service add --data demo \
  --id my-apache --name "Próbaszolgáltatás" --name-en "My Apache" \
  --url http://localhost:9000/members/ \
  --saml-metadata service.xml --saml-attributes plain --private-network \
  --claim name --claim birthdate --claim tax_number \
  --ground "2023. évi CIII. törvény"
kapu admin service add --data demo \
  --id my-apache-safe --name "Próbaszolgáltatás, védett oldalak" --name-en "My Apache, safe pages" \
  --url http://localhost:9000/members/safe/ \
  --saml-metadata safe.xml --saml-attributes plain --private-network \
  --claim name \
  --ground "2023. évi CIII. törvény"
