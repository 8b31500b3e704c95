//! Given and family names by language, and how often each language is met in a city.
//!
//! Made of common names; whom they put together exists only here.

/// Names that go together.
#[derive(Debug)]
pub(crate) struct Language {
    /// Separated by commas.
    pub(crate) given: &'static str,
    /// Separated by commas.
    pub(crate) family: &'static str,
}

const PORTUGUESE: Language = Language {
    given: "Afonso, Alexandra, Alice, Ana, André, António, Beatriz, Bernardo, Bruno, Carla, Carlos, \
            Carolina, Catarina, Célia, Clara, Cláudia, Cristina, Daniela, David, Diana, Diogo, Duarte, \
            Eduarda, Elsa, Fernanda, Filipa, Filipe, Francisco, Gabriela, Gonçalo, Graça, Guilherme, Helena, \
            Henrique, Hugo, Inês, Isabel, Ivo, Joana, João, Jorge, Leonor, Luís, Luísa, Madalena, Manuel, \
            Margarida, Mariana, Mário, Marta, Miguel, Mónica, Nuno, Patrícia, Paula, Pedro, Rafael, Raquel, \
            Ricardo, Rita, Rui, Sara, Sérgio, Sílvia, Simão, Sofia, Susana, Teresa, Tiago, Tomás, Vasco, \
            Vera, Vítor, Xavier",
    family: "Abreu, Almeida, Amaral, Antunes, Araújo, Azevedo, Baptista, Barbosa, Barros, Borges, Branco, \
            Brito, Cabral, Campos, Cardoso, Carneiro, Carvalho, Coelho, Correia, Cruz, Cunha, Esteves, \
            Faria, Fernandes, Ferreira, Figueiredo, Fonseca, Freitas, Garcia, Gaspar, Gomes, Gonçalves, \
            Guerreiro, Henriques, Leal, Leite, Lopes, Lourenço, Macedo, Machado, Magalhães, Maia, Marques, \
            Martins, Matos, Melo, Mendes, Miranda, Monteiro, Morais, Moreira, Mota, Moura, Nascimento, \
            Neves, Nogueira, Nunes, Oliveira, Pacheco, Paiva, Pereira, Pinheiro, Pinto, Pires, Quintas, \
            Ramos, Rebelo, Reis, Ribeiro, Rocha, Santana, Santos, Seabra, Serra, Silva, Simões, Soares, \
            Sousa, Tavares, Teixeira, Torres, Valente, Vaz, Vicente, Vieira",
};

const SPANISH: Language = Language {
    given: "Adrián, Alba, Álvaro, Andrea, Beatriz, Carmen, Cristina, Daniel, Diego, Elena, Eva, Fernando, \
            Gonzalo, Irene, Javier, Jorge, Laura, Lucía, Manuel, Marcos, María, Marina, Marta, Natalia, \
            Nuria, Óscar, Pablo, Paula, Raúl, Rocío, Rubén, Sergio, Silvia, Sonia, Víctor",
    family: "Alonso, Blanco, Cabrera, Calvo, Castillo, Cortés, Delgado, Díaz, Domínguez, Fuentes, Gallego, \
            Garrido, Gil, Guerrero, Herrera, Ibáñez, Iglesias, Jiménez, León, Lozano, Márquez, Medina, \
            Molina, Moreno, Muñoz, Navarro, Ortega, Ortiz, Peña, Prieto, Reyes, Rubio, Sanz, Serrano, \
            Suárez, Vargas, Vega, Vidal",
};

const GERMAN: Language = Language {
    given: "Andreas, Anja, Anna, Birgit, Carsten, Christian, Daniela, Dennis, Eva, Felix, Frank, Franziska, \
            Hanna, Heike, Henning, Jan, Johanna, Jonas, Julia, Katrin, Lars, Lena, Lisa, Lukas, Malte, \
            Maren, Markus, Merle, Moritz, Nadine, Nils, Sabine, Sebastian, Sven, Tanja, Torsten, Ute",
    family: "Albrecht, Arndt, Becker, Behrens, Böhm, Brandt, Busch, Dietrich, Engel, Fiedler, Franke, \
            Friedrich, Graf, Günther, Hansen, Hartmann, Jansen, Jürgens, Keller, Köhler, Krüger, Kuhn, \
            Lorenz, Ludwig, Martens, Paulsen, Petersen, Pohl, Reimers, Richter, Schreiber, Schröder, Seidel, \
            Stein, Thiel, Vogt, Winkler, Ziegler",
};

const DUTCH: Language = Language {
    given: "Anouk, Bart, Bram, Daan, Eline, Esther, Femke, Floor, Gijs, Hanneke, Iris, Jasper, Jeroen, \
            Joost, Karin, Kees, Koen, Lieke, Lotte, Maaike, Marieke, Marloes, Niels, Pieter, Roos, Ruben, \
            Sanne, Stijn, Thijs, Tessa, Willem, Wouter",
    family: "Bakker, Blom, Boersma, Bosch, Brouwer, Dekker, de Boer, de Groot, de Haan, de Wit, Dijkstra, \
            Hendriks, Hoekstra, Huisman, Jacobs, Kok, Koster, Kuipers, Maas, Meijer, Mulder, Postma, Prins, \
            Schouten, Smits, Timmermans, van Beek, van Dam, van den Berg, van der Meer, van Leeuwen, \
            Verhoeven, Vermeulen, Visser, Vos, Willems",
};

const ITALIAN: Language = Language {
    given: "Alessia, Chiara, Davide, Federica, Giulia, Lorenzo, Matteo, Paolo, Serena, Stefano",
    family: "Barbieri, Bianchi, Colombo, Conti, Fontana, Galli, Greco, Marini, Rinaldi, Villa",
};

const FRENCH: Language = Language {
    given: "Antoine, Camille, Céline, Claire, Étienne, Juliette, Mathieu, Nicolas, Océane, Thomas",
    family: "Bernard, Chevalier, Fournier, Girard, Lambert, Marchand, Mercier, Moreau, Perrin, Roussel",
};

const ENGLISH: Language = Language {
    given: "Alison, Ben, Charlotte, Emma, Fiona, Gareth, Hannah, James, Oliver, Rachel, Simon, Tom",
    family: "Bailey, Carter, Dixon, Fletcher, Gallagher, Harris, Hughes, Murray, Parker, Reid, Walsh, Webb",
};

const POLISH: Language = Language {
    given: "Agnieszka, Ewa, Grzegorz, Kamil, Katarzyna, Magdalena, Marcin, Monika, Paweł, Piotr, Tomasz, \
            Zofia",
    family: "Adamczyk, Dudek, Kaczmarek, Kowalczyk, Lis, Mazur, Nowak, Pawlak, Sikora, Wójcik, Wrona, Zając",
};

const TURKISH: Language = Language {
    given: "Ayşe, Burak, Can, Deniz, Elif, Emre, Kerem, Merve, Murat, Selin, Yusuf, Zeynep",
    family: "Acar, Aydın, Bulut, Çelik, Demir, Kaplan, Kaya, Koç, Öztürk, Şahin, Yıldız, Yılmaz",
};

const UKRAINIAN: Language = Language {
    given: "Anastasiia, Andrii, Dmytro, Iryna, Kateryna, Maksym, Oksana, Oleksandr, Olena, Taras, Yuliia",
    family: "Bondarenko, Hrytsenko, Kovalenko, Kravchuk, Lysenko, Marchenko, Melnyk, Moroz, Savchenko, \
            Tkachenko",
};

const INDIAN: Language = Language {
    given: "Aditi, Ananya, Arjun, Deepa, Kavita, Meera, Nikhil, Priya, Rahul, Rohan, Sanjay, Vikram",
    family: "Bhat, Chandra, Desai, Iyer, Joshi, Kulkarni, Mehta, Menon, Nair, Patel, Rao, Shah",
};

const ARABIC: Language = Language {
    given: "Amina, Bilal, Farah, Hicham, Karim, Layla, Nadia, Omar, Rania, Samir, Tarik, Yasmin",
    family: "Alaoui, Amrani, Belkacem, Benali, El Idrissi, Haddad, Khalil, Mansour, Naciri, Saidi, Tazi, \
            Ziani",
};

const SENEGALESE: Language = Language {
    given: "Amadou, Aïssatou, Fatou, Ibrahima, Mariama, Ousmane",
    family: "Ba, Diallo, Diop, Ndiaye, Sow, Traoré",
};

const WEST_AFRICAN: Language = Language {
    given: "Abena, Adebayo, Chiamaka, Efua, Kofi, Kwame, Ngozi",
    family: "Adeyemi, Asante, Boateng, Mensah, Okafor, Okoye, Osei",
};

const CAPE_VERDEAN: Language = Language {
    given: "Djamila, Edson, Nilton, Sandro, Zuleica",
    family: "Delgado, Évora, Lima, Semedo, Tavares, Varela",
};

const CHINESE: Language = Language {
    given: "Hui, Jia, Jun, Lan, Mei, Wei, Xin",
    family: "Chen, Huang, Lin, Liu, Wang, Zhang, Zhao",
};

const JAPANESE: Language = Language {
    given: "Hana, Kenji, Naoko, Takumi, Yuki",
    family: "Ito, Kimura, Mori, Sato, Ueda",
};

const VIETNAMESE: Language = Language {
    given: "Bao, Hoa, Lan, Linh, Minh, Thanh",
    family: "Dang, Hoang, Le, Nguyen, Pham, Tran",
};

const NORDIC: Language = Language {
    given: "Astrid, Erik, Freja, Henrik, Ingrid, Karl, Linnea, Mikkel, Sigrid, Søren",
    family: "Andersen, Berg, Dahl, Eriksson, Holm, Lindqvist, Lund, Nygaard, Nyström, Strand",
};

/// Spoken by people from all over; each as likely as any other.
pub(crate) const ABROAD: &[&Language] = &[
    &ITALIAN,
    &FRENCH,
    &ENGLISH,
    &POLISH,
    &TURKISH,
    &UKRAINIAN,
    &INDIAN,
    &ARABIC,
    &SENEGALESE,
    &WEST_AFRICAN,
    &CAPE_VERDEAN,
    &CHINESE,
    &JAPANESE,
    &VIETNAMESE,
    &NORDIC,
    &SPANISH,
    &GERMAN,
    &PORTUGUESE,
];

/// The language of most people in a city, and how many of a hundred have it.
pub(crate) fn of_city(city: &str) -> (&'static Language, usize) {
    match city {
        "Madrid" => (&SPANISH, 80),
        "Hamburg" => (&GERMAN, 66),
        "Rotterdam" => (&DUTCH, 62),
        "Porto" => (&PORTUGUESE, 88),
        _ => (&PORTUGUESE, 74),
    }
}
