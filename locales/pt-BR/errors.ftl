# What happened, why and what to do next, by the error's code: `error-<code>`.
error-conflict = Outra pessoa mudou este registro enquanto você trabalhava nele. Abra-o de novo para ver como ficou.
error-denied = Você não tem permissão para fazer isso.
error-fault = Algo deu errado do nosso lado. Nada do que você fez foi gravado pela metade.
error-invalid = Há algo errado no que foi enviado. Confira os campos e tente de novo.
error-network = Sem resposta do servidor. Confira a conexão e tente de novo.
error-not-found = Não encontramos o que você procura. Pode ter sido excluído, ou o endereço está incompleto.
error-session = Sua sessão terminou. Entre de novo para continuar de onde parou.
error-too-large = O envio é maior do que o limite.
error-too-many = Foram muitas tentativas em pouco tempo. Espere um minuto e tente de novo.
error-unavailable = O sistema está ocupado ou em manutenção. Tente de novo em alguns instantes.
error-unidade-unknown = Este endereço não é de nenhuma unidade. Confira como ele foi digitado.
