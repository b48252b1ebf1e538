# The service runs: it writes its metadata itself.
curl --fail --silent --show-error --output service.xml http://localhost:9000/saml
kapu admin service add --data demo \
  --id my-node --name "Próbaszolgáltatás" --name-en "My Node" \
  --url http://localhost:9000/ \
  --saml-metadata service.xml --saml-attributes plain --private-network \
  --claim name --claim birthdate \
  --ground "2023. évi CIII. törvény"
