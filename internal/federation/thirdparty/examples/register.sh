kapu admin service add --data demo \
  --id my-service --name "Próbaszolgáltatás" --name-en "My service" \
  --url http://localhost:9000/ \
  --redirect-uri http://localhost:9000/callback \
  --post-logout-redirect-uri http://localhost:9000/ \
  --claim name --claim given_name --claim family_name --claim birthdate \
  --ground "2023. évi CIII. törvény"
